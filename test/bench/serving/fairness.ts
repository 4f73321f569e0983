import { setTimeout as sleep } from 'node:timers/promises';
import { pairAnswerSchema, pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import sharp from 'sharp';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { percentile } from './load.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';
import { benchPhotos } from './photos.ts';

const PHOTOS_PER_PROFILE = 5;
const FLOODS = 4;
const PHOTOS_PER_FLOOD = 2;
const PAUSE_MS = 100;

/** A type of photo that a device sends as fast as it can. */
interface Flood {
  readonly key: string;
  readonly name: string;
  readonly photos: readonly Uint8Array[];
}

/**
 * Measures what a device can take from the owner: how long a lone profile of the owner takes while a device sends photos
 * as fast as it can, ordinary ones and ones that cost their decoder.
 *
 * @throws Error if a profile of the owner was refused.
 */
export async function fairness({ seconds = 20 }: BenchOptions): Promise<Figure[]> {
  const photos = await benchPhotos();
  const server = await startSwipenet(['--cache-photos', '0', '--log-level', 'error']); // a lost decoder is a warning
  try {
    const device = await pair(server);
    const owner = () => profilesOfOwner(server, photos, seconds);
    await profilesOfOwner(server, photos, 2); // warms up
    const quiet = await owner();
    const figures = latencies('quiet', 'the owner’s profiles of 5 photos', quiet);
    for (const { key, name, photos: flooding } of [
      { key: 'photos', name: 'while a device sends photos', photos },
      { key: 'avif', name: 'while a device sends 49-megapixel AVIFs', photos: [await largeAvif()] },
    ] satisfies Flood[]) {
      const stop = flood(server, device, flooding);
      await sleep(1000);
      const busy = await owner();
      await stop();
      figures.push(...latencies(key, `  ${name}`, busy), {
        key: `${key}Ratio`,
        name: '    p99, relative to the quiet one',
        value: percentile(busy, 0.99) / percentile(quiet, 0.99),
        unit: '×',
      });
    }
    return figures;
  } finally {
    await server.stop();
  }
}

const latencies = (key: string, name: string, latenciesMs: readonly number[]): Figure[] =>
  ([0.5, 0.99] as const).map((share) => ({
    key: `${key}P${100 * share}Ms`,
    name: `${name}, p${100 * share} (${latenciesMs.length})`,
    value: percentile(latenciesMs, share),
    unit: 'ms',
  }));

/** A photo of 1.5 kB that takes more CPU time than any photo may. */
const largeAvif = () =>
  sharp({ create: { width: 7000, height: 7000, channels: 3, background: { r: 90, g: 120, b: 30 } } })
    .avif({ quality: 30, effort: 0 })
    .toBuffer();

/** Scores one profile after the other with the local token. Returns the times in milliseconds. */
async function profilesOfOwner(
  server: MeasuredServer,
  photos: readonly Uint8Array[],
  seconds: number,
): Promise<number[]> {
  const latenciesMs: number[] = [];
  const begin = performance.now();
  for (let at = 0; performance.now() - begin < 1000 * seconds; at += PHOTOS_PER_PROFILE) {
    const profile = Array.from({ length: PHOTOS_PER_PROFILE }, (_, photo) => photos[(at + photo) % photos.length]!);
    const sent = performance.now();
    const status = await score(server, server.token, profile);
    if (status !== 200) throw new Error(`a profile of the owner got ${status}`);
    latenciesMs.push(performance.now() - sent);
    await sleep(PAUSE_MS);
  }
  return latenciesMs;
}

/** Sends photos of a device until the returned function is called. Refusals are what a flood should get. */
function flood(server: MeasuredServer, token: string, photos: readonly Uint8Array[]): () => Promise<void> {
  let isOver = false;
  const clients = Array.from({ length: FLOODS }, async (_, client) => {
    for (let at = client; !isOver; at += FLOODS) {
      const each = Array.from({ length: PHOTOS_PER_FLOOD }, (_, photo) => photos[(at + photo) % photos.length]!);
      if ((await score(server, token, each)) !== 200) await sleep(PAUSE_MS / 2);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(clients);
  };
}

async function score({ url }: MeasuredServer, token: string, photos: readonly Uint8Array[]): Promise<number> {
  const body = new FormData();
  for (const photo of photos) body.append('photo', new Blob([new Uint8Array(photo)]), 'photo.jpg');
  const { method, path } = ROUTES.score;
  const response = await fetch(url + path, { method, headers: { Authorization: `Bearer ${token}` }, body });
  await response.arrayBuffer();
  return response.status;
}

/** Pairs a device. Returns its token. */
async function pair({ url, token }: MeasuredServer): Promise<string> {
  const { pairingCode, pair } = ROUTES;
  const headers = { Authorization: `Bearer ${token}` };
  const offered = await fetch(url + pairingCode.path, { method: pairingCode.method, headers });
  const { code } = pairingCodeAnswerSchema.parse(await offered.json());
  const paired = await fetch(url + pair.path, {
    method: pair.method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code, name: 'flooding device' }),
  });
  return pairAnswerSchema.parse(await paired.json()).token;
}
