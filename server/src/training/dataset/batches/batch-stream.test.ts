import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset.ts';
import { PHOTO_BYTES } from '../dataset-format.ts';
import { centerOf, cropInto, placeOf, randomCrop } from './augment.ts';
import { BatchStream, type BatchStreamOptions, batchesPerEpoch, partBatches } from './batch-stream.ts';

/**
 * A fake dataset. Photo `n` has levels `(n + x + 3y) mod 256`. Every fifth is for validation, and odd ones are LIKE.
 */
function fakeDataset(count: number, read: (number: number) => Promise<void> = async () => {}): Dataset {
  const photos = Array.from({ length: count }, (_, number) => ({
    id: number.toString(16).padStart(16, '0'),
    label: number % 2 ? ('LIKE' as const) : ('NOPE' as const),
    part: number % 5 === 4 ? ('validation' as const) : ('training' as const),
    profile: number,
    path: `${number}.jpg`,
  }));
  return {
    id: 'made up',
    head: {} as Dataset['head'],
    photos,
    mean: Float32Array.from({ length: PHOTO_BYTES }, (_, at) => (at % 256) / 4),
    numbersOf: (part) => photos.flatMap((photo, number) => (photo.part === part ? [number] : [])),
    async readPhoto(number, into) {
      await read(number);
      for (let at = 0; at < PHOTO_BYTES; at += 1) into[at] = number + (at % 256) + 3 * Math.floor(at / 256);
    },
    folder: '/made-up',
    [Symbol.asyncDispose]: async () => {},
  };
}

const OPTIONS: BatchStreamOptions = {
  batchSize: 4,
  cropSize: 224,
  mirror: true,
  seed: 7,
  position: { epoch: 0, batch: 0 },
  ahead: 2,
};

const take = async (stream: BatchStream, count: number) => {
  const batches = [];
  for (let index = 0; index < count; index += 1) batches.push(await stream.next());
  return batches;
};

describe('a crop', () => {
  it('is a part of the photo, and then mirrored, and knows the place of each of its pixels', () => {
    const random = seededRandom(5);
    const photo = Uint8Array.from({ length: PHOTO_BYTES }, () => random() * 256);
    for (const crop of [centerOf(224), ...Array.from({ length: 8 }, () => randomCrop(random, 200, true))]) {
      const { size, left, top, mirrored } = crop;
      const into = new Uint8Array(size * size + 5);
      cropInto(photo, crop, into, 5);
      const { origin, direction } = placeOf(crop);
      for (let y = 0; y < size; y += 17) {
        for (let x = 0; x < size; x += 1) {
          const at = (top + y) * 256 + left + (mirrored ? size - 1 - x : x);
          expect(into[5 + y * size + x]).toBe(photo[at]);
          expect(origin + 256 * y + direction * x).toBe(at);
        }
      }
    }
  });

  it('can be anywhere in the photo, and is mirrored half of the time or never', () => {
    const random = seededRandom(1);
    const crops = Array.from({ length: 4000 }, () => randomCrop(random, 224, true));
    for (const side of ['left', 'top'] as const) {
      expect(new Set(crops.map((crop) => crop[side]))).toEqual(new Set(Array.from({ length: 33 }, (_, at) => at)));
    }
    const mirrored = crops.filter((crop) => crop.mirrored).length;
    expect(Math.abs(mirrored - 2000)).toBeLessThan(100);
    expect(randomCrop(random, 256, false)).toEqual({ left: 0, top: 0, size: 256, mirrored: false });
    expect(Array.from({ length: 50 }, () => randomCrop(random, 224, false).mirrored)).not.toContain(true);
  });
});

describe('the stream of batches', () => {
  it('goes through the training set once per epoch, each time in another order', async () => {
    const stream = new BatchStream(fakeDataset(20), OPTIONS);
    expect(stream.batchesPerEpoch).toBe(4);
    const epochs = [await take(stream, 4), await take(stream, 4)].map((batches) => batches.flatMap((b) => b.numbers));
    for (const numbers of epochs)
      expect(numbers.toSorted((a, b) => a - b)).toEqual(fakeDataset(20).numbersOf('training'));
    expect(epochs[0]).not.toEqual(epochs[1]);
    await stream.close();
  });

  it('resumes bit for bit from the position of any batch', async () => {
    const through = await take(new BatchStream(fakeDataset(23), OPTIONS), 9);
    for (const [behind, { next }] of through.entries()) {
      const resumed = new BatchStream(fakeDataset(23), { ...OPTIONS, position: next, ahead: 1 });
      expect(await take(resumed, Math.min(2, 8 - behind))).toEqual(through.slice(behind + 1, behind + 3));
      await resumed.close();
    }
  });

  it('labels each photo, and crops it differently in each epoch', async () => {
    const stream = new BatchStream(fakeDataset(5), OPTIONS);
    const [first, second] = await take(stream, 2);
    expect([...first!.labels]).toEqual(first!.numbers.map((number) => number % 2));
    const photoIn = (batch: typeof first) => {
      const place = batch!.numbers.indexOf(2) * 224 * 224;
      return batch!.photos.slice(place, place + 224 * 224);
    };
    expect([first!.epoch, second!.epoch]).toEqual([0, 1]);
    expect(photoIn(first)).not.toEqual(photoIn(second));
    await stream.close();
  });

  it('repeats photos if there are fewer than a batch holds', async () => {
    const stream = new BatchStream(fakeDataset(3), OPTIONS);
    expect(stream.batchesPerEpoch).toBe(1);
    const { numbers, count } = await stream.next();
    expect([numbers.length, count, new Set(numbers).size]).toEqual([4, 4, 3]);
    expect([batchesPerEpoch(151_081, 32), batchesPerEpoch(1, 32)]).toEqual([4721, 1]);
    await stream.close();
  });

  it('reads ahead while the caller computes, so that the caller doesn’t wait for batches that are ready', async () => {
    let time = 0;
    const dataset = fakeDataset(40, async () => {
      time += 1; // reading a photo takes a millisecond
    });
    const stream = new BatchStream(dataset, OPTIONS);
    await stream.next();
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve(); // the caller computes
    expect(time).toBe(12); // two batches of four are ready beside the one that was taken
    await stream.next(); // so the stream starts reading another
    expect(time).toBe(16);
    await stream.close();
  });

  it('reports an unreadable photo only to the caller that takes its batch', async () => {
    const dataset = fakeDataset(20, async (number) => {
      if (number === 3) throw new Error('cut off');
    });
    const stream = new BatchStream(dataset, { ...OPTIONS, ahead: 4 });
    const outcomes = await Promise.allSettled([stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    await stream.close();
  });
});

describe('the batches of a split', () => {
  it('have each photo once, in order, with a center crop, and pad the last batch with its first photo', async () => {
    const batches = [];
    for await (const batch of partBatches(fakeDataset(30), 'validation', OPTIONS)) batches.push(batch);
    expect(batches.map(({ numbers, count }) => ({ numbers, count }))).toEqual([
      { numbers: [4, 9, 14, 19], count: 4 },
      { numbers: [24, 29], count: 2 },
    ]);
    const { photos, origins, directions, labels } = batches[1]!;
    const side = 224 * 224;
    expect([...labels]).toEqual([0, 1, 0, 0]);
    expect(photos.slice(3 * side)).toEqual(photos.slice(0, side));
    expect(photos[0]).toBe(24 + 16 + 3 * 16);
    expect([...origins]).toEqual([1, 2, 3, 4].map(() => 256 * 16 + 16));
    expect([...directions]).toEqual([1, 1, 1, 1]);
  });

  it('don’t exist if the split is empty', async () => {
    for await (const _ of partBatches(fakeDataset(3), 'test', OPTIONS)) throw new Error('a batch');
  });
});
