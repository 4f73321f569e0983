import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TWIN_PAGE } from './demo-twin-page.ts';
import { seededRandom } from './random.ts';
import { twinPhoto } from './twin-photos.ts';

/** What a person or a program did on the page. */
export interface Recorded {
  readonly kind: 'like' | 'nope' | 'super-like' | 'match-dismissed';
  readonly profile: string;
  readonly input: 'button' | 'key';
  readonly trusted: boolean;
}

/** A small page of the structure that docs/demo-page.md describes, for tests that need faults at will. */
export class DemoTwin {
  /** Where the page is. */
  readonly url: string;
  readonly #close: () => void;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  /** Starts to serve the page. */
  static async start(): Promise<DemoTwin> {
    const records = new Map<string, Recorded[]>();
    const photos = new Map<string, Promise<Buffer>>();
    const server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://twin');
      const photo = /^\/demo\/photos\/(\d+)\/(\w+)\/(\d+)\.jpg$/.exec(url.pathname);
      if (photo) return await sendPhoto(response, photo.slice(1).map(Number) as [number, number, number], photos);
      if (url.pathname === '/demo') return void response.setHeader('Content-Type', 'text/html').end(TWIN_PAGE);
      if (url.pathname === '/demo/profiles') return sendJson(response, profilesOf(url.searchParams));
      const run = url.searchParams.get('run') ?? '';
      if (url.pathname !== '/demo/record') return void response.writeHead(404).end();
      if (request.method === 'GET') return sendJson(response, records.get(run) ?? []);
      const chunks: Buffer[] = await request.toArray();
      records.set(run, [...(records.get(run) ?? []), JSON.parse(Buffer.concat(chunks).toString())]);
      sendJson(response, null);
    });
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    return new DemoTwin(`http://127.0.0.1:${port}/demo`, () => {
      server.close();
      server.closeAllConnections();
    });
  }

  /** Stops serving. */
  close(): void {
    this.#close();
  }
}

/** The photo that fails: with its seed's pictures none of that profile's others is LIKE. */
const FAILING = { seed: 1, profile: 4, index: 2 };

function profilesOf(parameters: URLSearchParams): { id: string; photos: number; name: string; age: number }[] {
  const random = seededRandom(Number(parameters.get('seed') ?? 1));
  return Array.from({ length: Number(parameters.get('profiles') ?? 20) }, (_, index) => ({
    id: String(index),
    photos: 3 + Math.floor(random() * 3),
    name: ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'][index % 6]!,
    age: 20 + Math.floor(random() * 30),
  }));
}

async function sendPhoto(
  response: ServerResponse,
  [seed, profile, index]: [number, number, number],
  photos: Map<string, Promise<Buffer>>,
): Promise<void> {
  if (seed === FAILING.seed && profile === FAILING.profile && index === FAILING.index)
    return void response.writeHead(500).end();
  const key = `${seed}/${profile}/${index}`;
  const made = photos.get(key) ?? twinPhoto(seed * 1000 + profile * 10 + index);
  photos.set(key, made);
  response
    .setHeader('Content-Type', 'image/jpeg')
    .setHeader('Cache-Control', 'max-age=3600')
    .end(await made);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
}
