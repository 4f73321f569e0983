import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { describe, expect, it } from 'vitest';
import { patchwork, writeLabeledPhotos } from '../../../../test/support/labeled-photos.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { buildDataset } from './build/build-dataset.ts';
import { type Dataset, openDataset } from './dataset.ts';
import { PHOTO_BYTES } from './dataset-format.ts';
import { dHash } from './look-alikes/dhash.ts';
import { lookOf } from './look-alikes/photo-look.ts';
import { plainLevels } from './look-alikes/plain-photos.ts';
import { SeenPhotos } from './look-alikes/seen-photos.ts';
import { type NearPhotos, readNearPairs } from './near-pairs.ts';
import { reviseDataset } from './revise-dataset.ts';

/** The number of photos of LIKE that have a darker copy under NOPE. */
const COPIES = 3;

const NO_LABELS: ReadonlyMap<number, Label> = new Map();

/** A dataset of 6 LIKE and 8 NOPE photos. The first LIKE photos have copies under NOPE, which are darker. */
async function withCopies(): Promise<string> {
  const root = temporaryFolder();
  await writeLabeledPhotos(root, { LIKE: 6, NOPE: 5 });
  for (let seed = 0; seed < COPIES; seed += 1) {
    writeFileSync(join(root, 'nope', `copy-${seed}.png`), await patchwork(seed, 'NOPE'));
  }
  const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
  const out = join(root, 'set');
  await buildDataset({ ...folders, out, testPercent: 20, resize: 'squash', seed: 1, pairs: false, workers: 1 });
  return out;
}

async function pixelsOf(dataset: Dataset): Promise<Uint8Array[]> {
  const all = dataset.photos.map(() => new Uint8Array(PHOTO_BYTES));
  for (const [number, pixels] of all.entries()) await dataset.readPhoto(number, pixels);
  return all;
}

/** Compares all photos of a dataset, as the build does. */
async function nearByPixels(dataset: Dataset): Promise<NearPhotos[]> {
  const seen = new SeenPhotos();
  const pairs: NearPhotos[] = [];
  for (const [number, pixels] of (await pixelsOf(dataset)).entries()) {
    const hash = dHash(pixels);
    const photo = { hash, look: lookOf(pixels), plain: plainLevels(pixels, hash) };
    for (const { number: earlier, bits } of seen.alike(photo)) {
      const isSwapped = dataset.photos[earlier]!.label === 'NOPE' && dataset.photos[number]!.label === 'LIKE';
      pairs.push({ ...(isSwapped ? { left: number, right: earlier } : { left: earlier, right: number }), bits });
    }
    seen.add(photo, number);
  }
  return inOrder(pairs);
}

const inOrder = (pairs: readonly NearPhotos[]) => pairs.toSorted((a, b) => a.left - b.left || a.right - b.right);

const digest = (bytes: Uint8Array | Float32Array) => createHash('sha256').update(bytes).digest('hex');

const hashesOf = (folder: string) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);

describe('a revised dataset', () => {
  it('lacks dropped photos, has the pixels and the mean of the others, and says what was dropped', async () => {
    const folder = await withCopies();
    const old = hashesOf(folder);
    await using before = await openDataset(folder);
    const pairs = await readNearPairs(before);
    expect(inOrder(pairs)).toEqual(await nearByPixels(before));
    expect(pairs).toHaveLength(COPIES);
    const inTraining = before.numbersOf('training').find((number) => before.photos[number]!.label === 'LIKE')!;
    const dropped = new Set([pairs[0]!.right, pairs[1]!.left, inTraining]);
    const out = join(folder, '..', 'second');
    const id = await reviseDataset(before, { labels: NO_LABELS, dropped }, out);
    await using after = await openDataset(out);
    expect(after.id).toBe(id);
    expect(after.photos).toEqual(before.photos.filter((_, number) => !dropped.has(number)));
    const pixels = await pixelsOf(after);
    const kept = (await pixelsOf(before)).filter((_, number) => !dropped.has(number));
    expect(pixels.map(digest)).toEqual(kept.map(digest));
    expect(digest(after.mean)).toBe(digest(meanOf(after.numbersOf('training').map((number) => pixels[number]!))));
    expect(inOrder(await readNearPairs(after))).toEqual(await nearByPixels(after));
    expect(after.head.leftOut).toEqual({ dropped: dropped.size });
    const listed = readFileSync(join(out, 'left-out.jsonl'), 'utf8').trim().split('\n');
    expect(new Set(listed.map((line) => JSON.parse(line).path))).toEqual(
      new Set([...dropped].map((number) => before.photos[number]!.path)),
    );
    expect(hashesOf(folder)).toEqual(old);
  });

  it('can be revised again, and keeps look-alikes that got the same label in its list', async () => {
    const folder = await withCopies();
    await using first = await openDataset(folder);
    const [pair] = await readNearPairs(first);
    const { profile } = first.photos[pair!.right]!;
    const second = join(folder, '..', 'second');
    await reviseDataset(first, { labels: new Map([[profile, 'LIKE']]), dropped: new Set([0]) }, second);
    await using relabeled = await openDataset(second);
    expect(relabeled.head.nearAcrossLabels).toBe(COPIES - 1);
    const pairs = await readNearPairs(relabeled);
    expect(inOrder(pairs)).toEqual(await nearByPixels(relabeled));
    const same = pairs.find(({ left, right }) => relabeled.photos[left]!.label === relabeled.photos[right]!.label)!;
    const third = join(folder, '..', 'third');
    await reviseDataset(relabeled, { labels: NO_LABELS, dropped: new Set([same.left]) }, third);
    await using last = await openDataset(third);
    expect(last.head.leftOut).toEqual({ dropped: 2 });
    expect(inOrder(await readNearPairs(last))).toEqual(await nearByPixels(last));
    const kept = (await pixelsOf(first)).filter((_, number) => ![0, same.left + 1].includes(number));
    expect((await pixelsOf(last)).map(digest)).toEqual(kept.map(digest));
  });

  it('is refused if a split would lose a label, or if a list is damaged', async () => {
    const folder = await withCopies();
    await using dataset = await openDataset(folder);
    const out = join(folder, '..', 'second');
    for (const label of LABELS) {
      const dropped = new Set(dataset.numbersOf('test').filter((number) => dataset.photos[number]!.label === label));
      await expect(reviseDataset(dataset, { labels: NO_LABELS, dropped }, out)).rejects.toMatchObject({
        code: 'dataset_too_small',
        message: `with these changes, the test set would have no ${label} photo`,
      });
    }
    writeFileSync(join(folder, 'left-out.jsonl'), 'other');
    await expect(reviseDataset(dataset, { labels: NO_LABELS, dropped: new Set([0]) }, out)).rejects.toMatchObject({
      code: 'dataset_invalid',
      message: expect.stringContaining('left-out.jsonl'),
    });
    expect(readdirSync(join(folder, '..')).filter((name) => name.includes('second'))).toEqual([]);
  });
});

/** The mean as its definition says. */
function meanOf(photos: readonly Uint8Array[]): Float32Array {
  const sums = new Float64Array(PHOTO_BYTES);
  for (const photo of photos) for (let at = 0; at < PHOTO_BYTES; at += 1) sums[at]! += photo[at]!;
  return Float32Array.from(sums, (sum) => sum / photos.length);
}
