import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pairsToShow } from '@swipenet/server/studio/reviews/pair-order.ts';
import { BatchStream } from '@swipenet/server/training/dataset/batches/batch-stream.ts';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import { openDataset } from '@swipenet/server/training/dataset/dataset.ts';
import { distance, type PhotoHash } from '@swipenet/server/training/dataset/look-alikes/dhash.ts';
import { NEAR_BITS, NearIndex } from '@swipenet/server/training/dataset/look-alikes/near-index.ts';
import { readNearPairs } from '@swipenet/server/training/dataset/near-pairs.ts';
import { reviseDataset } from '@swipenet/server/training/dataset/revise-dataset.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { writeLargeDataset } from '../support/large-dataset.ts';
import type { Figure } from './report.ts';

/** Number of photos in the article's dataset. */
const PHOTOS = 151_081;

/** Number of searches that compare with every hash. */
const NAIVE_SEARCHES = 200;

const BATCHES = 100;

/** The number of pairs of look-alikes to list, as in a dataset of photos and copies made from them. */
const PAIRS = 75_000;

/** The number of photos that a new version leaves out. */
const DROPPED = 100;

/** Measures near-duplicate searches among the article's number of photos, batches from shards, and new versions. */
export async function dataset(): Promise<Figure[]> {
  const random = seededRandom(1);
  const half = () => Math.floor(random() * 2 ** 32);
  const hashes: PhotoHash[] = Array.from({ length: PHOTOS }, () => ({ high: half(), low: half() }));
  const index = new NearIndex();
  const perSecond = (count: number, begin: number) => (count * 1000) / (performance.now() - begin);
  let begin = performance.now();
  for (const [number, hash] of hashes.entries()) {
    index.near(hash, NEAR_BITS);
    index.add(hash, number);
  }
  const indexed = perSecond(PHOTOS, begin);
  begin = performance.now();
  let near = 0;
  for (const hash of hashes.slice(0, NAIVE_SEARCHES)) {
    for (const other of hashes) if (distance(hash, other) <= NEAR_BITS) near += 1;
  }
  const naive = perSecond(NAIVE_SEARCHES, begin);
  if (near < NAIVE_SEARCHES) throw new Error('a hash did not match itself');
  return [
    { key: 'nearSearches', name: 'near duplicates among 151,081', value: indexed, unit: 'photos/s' },
    { key: 'nearSearchesNaive', name: 'by comparing with every photo', value: naive, unit: 'photos/s' },
    {
      key: 'batches',
      name: 'batches of 32 from shards, cropped and mirrored',
      value: await batches(),
      unit: 'photos/s',
    },
    ...(await versions()),
  ];
}

/** Measures what the studio does with look-alikes of a dataset with the article's number of photos. */
async function versions(): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'swipenet-bench-'));
  try {
    writeLargeDataset(join(root, 'large'), PAIRS);
    await using large = await openDataset(join(root, 'large'));
    let begin = performance.now();
    const { total } = pairsToShow(large.photos, await readNearPairs(large));
    const pairsMs = performance.now() - begin;
    if (total !== PAIRS) throw new Error(`${total} pairs were listed`);
    const dropped = new Set(Array.from({ length: DROPPED }, (_, at) => Math.floor((at * PHOTOS) / DROPPED)));
    begin = performance.now();
    await reviseDataset(large, { labels: new Map(), dropped }, join(root, 'revised'));
    const versionMs = performance.now() - begin;
    return [
      { key: 'pairsMs', name: 'list 75,000 pairs of look-alikes', value: pairsMs, unit: 'ms' },
      { key: 'versionMs', name: 'save a version without 100 photos', value: versionMs, unit: 'ms' },
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function batches(): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'swipenet-bench-'));
  try {
    await writeLabeledPhotos(root, { LIKE: 200, NOPE: 200 });
    const out = join(root, 'set');
    const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
    await buildDataset({ ...folders, out, testPercent: 0, resize: 'squash', seed: 1, pairs: false, workers: 2 });
    await using opened = await openDataset(out);
    const position = { epoch: 0, batch: 0 };
    const options = { batchSize: 32, cropSize: 224, mirror: true, seed: 1, position, ahead: 2 };
    const stream = new BatchStream(opened, options);
    await stream.next();
    const begin = performance.now();
    for (let batch = 0; batch < BATCHES; batch += 1) await stream.next();
    const rate = (BATCHES * options.batchSize * 1000) / (performance.now() - begin);
    await stream.close();
    return rate;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
