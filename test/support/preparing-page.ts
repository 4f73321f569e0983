import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { RESIZE_MODES, type ResizeMode } from '@swipenet/shared/photo.ts';
import { ROOT } from './source-files.ts';

/** What a browser made of a photo: gray levels, or why not, and the time that it took. */
export interface PreparedInBrowser {
  readonly levels: Uint8Array | undefined;
  readonly reason: string | undefined;
  readonly ms: number;
}

/** Runs in the page, with the extension's own code. */
const SCRIPT = `
import { PhotoPreparer } from '/extension/src/background/preparing/photo-preparer.ts';
import { readPixels } from '/extension/src/background/preparing/read-pixels.ts';
const { count, modes } = await (await fetch('/photos')).json();
const preparer = new PhotoPreparer({ readPixels });
for (let at = 0; at < count; at += 1) {
  const bytes = new Uint8Array(await (await fetch('/photos/' + at)).arrayBuffer());
  for (const mode of modes) {
    const begin = performance.now();
    const gray = await preparer.prepare(bytes, mode);
    const ms = performance.now() - begin;
    await fetch('/prepared/' + at + '/' + mode + '?ms=' + ms, { method: 'POST', body: gray });
  }
}
await fetch('/done', { method: 'POST' });
`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>Preparing photos</title>
<script type="importmap">{ "imports": { "@swipenet/shared/": "/shared/src/" } }</script>
<script type="module">${SCRIPT}</script>`;

/** A page that prepares photos in any browser that opens it, with the code that the extension has in its worker. */
export class PreparingPage {
  readonly url: string;
  /** Resolves when a browser has prepared all photos: for each photo, the result in each mode. */
  readonly prepared: Promise<readonly Readonly<Record<ResizeMode, PreparedInBrowser>>[]>;
  readonly close: () => void;

  private constructor(url: string, prepared: PreparingPage['prepared'], close: () => void) {
    this.url = url;
    this.prepared = prepared;
    this.close = close;
  }

  /** Starts its server. */
  static async start(photos: readonly Uint8Array[]): Promise<PreparingPage> {
    const results = photos.map(() => ({}) as Record<ResizeMode, PreparedInBrowser>);
    const done = Promise.withResolvers<typeof results>();
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { pathname, searchParams } = new URL(request.url!, 'http://page');
      const [, what, index, mode] = pathname.split('/');
      if (pathname === '/') return void response.setHeader('Content-Type', 'text/html').end(PAGE);
      if (pathname === '/photos')
        return void response.end(JSON.stringify({ count: photos.length, modes: RESIZE_MODES }));
      if (what === 'photos') return void response.end(photos[Number(index)]);
      if (what === 'prepared') {
        const body = await buffer(request);
        const isText = request.headers['content-type']?.startsWith('text/plain');
        results[Number(index)]![mode as ResizeMode] = {
          levels: isText ? undefined : new Uint8Array(body),
          reason: isText ? body.toString() : undefined,
          ms: Number(searchParams.get('ms')),
        };
      }
      if (what === 'done') done.resolve(results);
      if (!pathname.endsWith('.ts')) return void response.end();
      const source = readFileSync(join(ROOT, pathname), 'utf8');
      response.setHeader('Content-Type', 'text/javascript').end(stripTypeScriptTypes(source));
    };
    const server = createServer((request, response) => void answer(request, response).catch(done.reject));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = () => {
      server.close();
      server.closeAllConnections();
    };
    return new PreparingPage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, done.promise, close);
  }
}
