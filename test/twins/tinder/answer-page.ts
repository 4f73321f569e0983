import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { dataSchema, deedSchema, topSchema } from './record.ts';
import { matchPhotos } from './recs.ts';
import type { TwinWorld } from './world.ts';

const newsSchema = z.array(z.union([topSchema, dataSchema, deedSchema]));

const FOLDER = new URL('page/', import.meta.url);
const FILE = /^\/static\/((?:[a-z-]+\/)?[a-z-]+\.(?:js|css|svg))$/;
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** No inline style or script, nothing from elsewhere: what the extension draws has to do with that. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: https://images-ssl.gotinder.com",
  'media-src https://images-ssl.gotinder.com',
  "connect-src 'self' https://api.gotinder.com",
  'frame-src https://client-api.arkoselabs.com',
].join('; ');

/** `tinder.com`: the page and its files; and below `/twin/` what page and twin tell each other beside the site's own. */
export async function answerPage(
  world: TwinWorld,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = url;
  const file = FILE.exec(pathname)?.[1];
  if (pathname === '/' || pathname.startsWith('/app/')) {
    const from = Number(searchParams.get('from') ?? 0);
    world.deck.begin(from);
    const html = await readFile(new URL('index.html', FOLDER), 'utf8');
    world.loads += 1;
    const options = JSON.stringify({
      ...world.page,
      ...Object.fromEntries(searchParams),
      load: world.loads,
      matches: matchPhotos(world.deck),
    }).replaceAll('<', '\\u003c');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Set-Cookie', 'session=of-the-twin; Path=/; Secure; HttpOnly; SameSite=None');
    send(
      response,
      'text/html; charset=utf-8',
      html.replace('{"twin":"options"}', () => options),
    );
  } else if (file) {
    await sendFile(response, file);
  } else if (pathname === '/twin/plans') {
    send(response, 'application/json', JSON.stringify(world.deck.plans((searchParams.get('ids') ?? '').split(','))));
  } else if (pathname === '/twin/recs') {
    send(response, 'application/json', JSON.stringify(world.deck.deal()));
  } else if (pathname === '/twin/deeds' && request.method === 'POST') {
    for (const news of newsSchema.parse(await json(request))) {
      if ('top' in news) {
        world.record.tops.push(news);
        world.onMoment?.({ what: 'top', step: news.top });
      } else if ('data' in news) {
        world.record.data.push(news);
      } else {
        world.record.deeds.push(news);
      }
    }
    response.writeHead(204).end();
  }
}

async function sendFile(response: ServerResponse, name: string): Promise<void> {
  const text = await readFile(new URL(name, FOLDER), 'utf8').catch(() => undefined);
  if (text === undefined) return;
  response.setHeader('Cache-Control', 'max-age=3600'); // a browser's profile never outlives its twin
  send(response, TYPES[extname(name)]!, text);
}

function send(response: ServerResponse, type: string, text: string): void {
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.writeHead(200, { 'Content-Type': type }).end(text);
}
