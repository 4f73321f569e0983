import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from '@swipenet/server/home/home.ts';
import { loadEmbeddedModel } from '@swipenet/server/registry/model-folders.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { OWNER_TASTE, tasteAnswerSchema } from '@swipenet/shared/contract/taste.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure } from '../report.ts';
import { type MeasuredServer, startSwipenet } from './measured-server.ts';
import { benchPhotos } from './photos.ts';

const PROFILES = 400;
const PHOTOS = 5;
const CLIENTS = 4;
const ROUNDS = 6;

/**
 * Measures what learning costs scoring: profiles of five photos per second with and without a second session that
 * describes photos, and with and without a version being learned from 400 profiles. Both take turns within one run.
 */
export async function learning({ seconds = 8 }: BenchOptions): Promise<Figure[]> {
  const photos = await benchPhotos();
  const home = await homeWithSwipes();
  const server = await startSwipenet(['--cache-photos', '0', '--model', 'quality'], 'cpu', home.folder);
  try {
    const profilesPerSecond = (learn: boolean, clients: number) => measure(server, photos, { learn, clients, seconds });
    await profilesPerSecond(true, CLIENTS); // warms up both sessions
    const [plain, described, alone, beside] = [[], [], [], []] as [number[], number[], number[], number[]];
    for (let round = 0; round < ROUNDS; round += 1) {
      plain.push(await profilesPerSecond(false, 1));
      described.push(await profilesPerSecond(true, 1));
    }
    const { secondSession } = tasteAnswerSchema.parse(await ask(server, 'taste'));
    const stillLearning = async () => tasteAnswerSchema.parse(await ask(server, 'taste')).learning;
    const measureBeside = async () => {
      await ask(server, 'tasteLearn');
      beside.push(await profilesPerSecond(false, CLIENTS));
      const run = await stillLearning();
      if (!run.isRunning && run.last?.kind !== 'learned') throw new Error(`learning: ${JSON.stringify(run.last)}`);
      while ((await stillLearning()).isRunning) await new Promise((resolve) => setTimeout(resolve, 500));
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each goes first in every other round, so that warming up and slowing down favor neither.
      const isFirst = round % 2 === 0;
      if (!isFirst) await measureBeside();
      alone.push(await profilesPerSecond(false, CLIENTS));
      if (isFirst) await measureBeside();
    }
    return [
      { key: 'msPerProfile', name: 'a profile of 5 photos, one client', value: 1000 / median(plain), unit: 'ms' },
      {
        key: 'msPerProfileDescribed',
        name: '  with base in a second session',
        value: 1000 / median(described),
        unit: 'ms',
      },
      {
        key: 'secondSessionBytes',
        name: '  memory of that session',
        value: secondSession?.memoryBytes ?? Number.NaN,
        unit: 'bytes',
      },
      { key: 'profilesPerSecond', name: 'profiles, 4 clients', value: median(alone), unit: 'profiles/s' },
      {
        key: 'ratioWhileLearning',
        name: '  while a version is learned, relative to that',
        value: median(beside.map((speed, round) => speed / alone[round]!)),
        unit: '×',
      },
    ];
  } finally {
    await server.stop();
    await rm(home.folder, { recursive: true, force: true });
  }
}

/** A home folder with swipes on `base`, whose likes differ in some features. */
async function homeWithSwipes(): Promise<Home> {
  const home = new Home(await mkdtemp(join(tmpdir(), 'swipenet-bench-')));
  const { manifest } = await loadEmbeddedModel('base');
  const body = { sha256: manifest.model.sha256, precision: 'fp32' } as const;
  const store = TasteStore.open(home, { now: () => new Date() });
  const random = seededRandom(1);
  for (let profile = 0; profile < PROFILES; profile += 1) {
    const isLike = profile % 3 === 0;
    const photos = Array.from({ length: PHOTOS }, () => ({
      features: Float16Array.from({ length: 1856 }, (_, at) => random() + (isLike && at < 20 ? 0.3 : 0)),
      body,
    }));
    const swipe = { taste: OWNER_TASTE, site: 'demo', profile: String(profile), photoCount: PHOTOS } as const;
    store.record({ ...swipe, swipe: isLike ? 'right' : 'left', before: null, verdict: 'none' }, { photos });
  }
  store.close();
  return home;
}

/** Lets clients score profiles one after the other for some seconds. Returns profiles per second. */
async function measure(
  server: MeasuredServer,
  photos: readonly Uint8Array[],
  { learn, clients, seconds }: { readonly learn: boolean; readonly clients: number; readonly seconds: number },
): Promise<number> {
  const begin = performance.now();
  const isOver = () => performance.now() - begin > 1000 * seconds;
  let scored = 0;
  const client = async (first: number) => {
    for (let at = first; !isOver(); at += PHOTOS * clients) {
      const body = new FormData();
      for (let photo = 0; photo < PHOTOS; photo += 1) {
        body.append('photo', new Blob([new Uint8Array(photos[(at + photo) % photos.length]!)]), 'photo.jpg');
      }
      if (learn) body.set('learn', '1');
      await ask(server, 'score', body);
      scored += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index * PHOTOS)));
  return (1000 * scored) / (performance.now() - begin);
}

async function ask({ url, token }: MeasuredServer, route: 'score' | 'taste' | 'tasteLearn', body?: FormData) {
  const { method, path } = ROUTES[route];
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(body && { body }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

const median = (numbers: readonly number[]) => {
  const sorted = numbers.toSorted((one, other) => one - other);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};
