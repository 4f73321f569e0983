import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { jsonLines } from '@swipenet/server/training/dataset/build/finish-dataset.ts';
import { PHOTO_BYTES, PHOTOS_PER_SHARD, shardName } from '@swipenet/server/training/dataset/dataset-format.ts';
import { countParts } from '@swipenet/server/training/dataset/part-counts.ts';

/** The number of photos in the article's dataset. */
const COUNT = 151_081;

/**
 * Writes a dataset with as many photos as the article’s, all black: the shards are sparse files, so they take no space.
 *
 * @param pairs the number of pairs that its list of look-alikes has, up to half the photos.
 */
export function writeLargeDataset(folder: string, pairs = 0): void {
  mkdirSync(folder, { recursive: true });
  const photos = Array.from({ length: COUNT }, (_, number) => ({
    id: number.toString(16).padStart(16, '0'),
    label: number < COUNT / 2 ? ('NOPE' as const) : ('LIKE' as const),
    part: number % 7 === 0 ? ('validation' as const) : ('training' as const),
    profile: number,
    path: `photos/${number}.jpg`,
  }));
  const near = photos.slice(0, pairs).map(({ path }, at) => {
    return { like: photos[COUNT - 1 - at]!.path, nope: path, bits: at % 7 };
  });
  const files = {
    'photos.jsonl': jsonLines(photos),
    'mean.f32': new Uint8Array(4 * PHOTO_BYTES),
    'left-out.jsonl': '',
    'near-across-labels.jsonl': jsonLines(near),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (let first = 0; first < COUNT; first += PHOTOS_PER_SHARD) {
    const shard = join(folder, shardName(first / PHOTOS_PER_SHARD));
    writeFileSync(shard, '');
    truncateSync(shard, Math.min(PHOTOS_PER_SHARD, COUNT - first) * PHOTO_BYTES);
  }
  const head = {
    ...{
      format: 1,
      side: 256,
      resize: 'squash',
      seed: 1,
      pairs: false,
      photos: COUNT,
      photosPerShard: PHOTOS_PER_SHARD,
    },
    ...{ parts: countParts(photos), leftOut: {}, nearAcrossLabels: pairs },
    sha256: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])),
  };
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(head));
}
