import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import * as z from 'zod';
import type { Dataset } from '../dataset.ts';
import { type Part, PHOTO_BYTES } from '../dataset-format.ts';
import { type Crop, centerOf, cropInto, placeOf, randomCrop } from './augment.ts';

/** What to subtract from photos: the mean image, or its average level at every pixel. */
export const MEAN_KINDS = ['image', 'pixel'] as const;

export type MeanKind = (typeof MEAN_KINDS)[number];

/** A position in the training data: the current epoch, and its completed batches. Every checkpoint has one. */
export const streamPositionSchema = z.strictObject({ epoch: z.int().min(0), batch: z.int().min(0) });

export type StreamPosition = z.infer<typeof streamPositionSchema>;

/** Photos and labels as the network takes them. */
export interface Batch {
  /** `[N, 1, cropSize, cropSize]` gray levels. */
  readonly photos: Uint8Array;
  /** `[N]`: the place of each crop's first pixel in its 256 × 256 photo. */
  readonly origins: Int32Array;
  /** `[N]`: 1, or −1 for a mirrored crop. */
  readonly directions: Int32Array;
  /** `[N]`: the index of each photo's label in `LABELS`, 0 for NOPE and 1 for LIKE. */
  readonly labels: Int32Array;
  /** `[count]`: the numbers of the photos in the dataset. */
  readonly numbers: readonly number[];
  /** How many of the N are photos. The rest of a split's last batch repeats the first photo. */
  readonly count: number;
}

/** A batch to train on. */
export interface TrainingBatch extends Batch {
  /** Its epoch, starting at 0. */
  readonly epoch: number;
  /** The position after it. A stream that starts there continues like this one. */
  readonly next: StreamPosition;
}

/** How to make batches. */
export interface BatchOptions {
  readonly batchSize: number;
  /** The side length of a crop. Serving uses 224. */
  readonly cropSize: number;
}

/** How a training stream shuffles, crops and reads ahead. */
export interface BatchStreamOptions extends BatchOptions {
  readonly mirror: boolean;
  readonly seed: number;
  /** The position to start from. A new run starts at `{ epoch: 0, batch: 0 }`. */
  readonly position: StreamPosition;
  /** The number of batches to prepare while the caller computes. */
  readonly ahead: number;
}

/**
 * Returns the number of whole batches in an epoch, at least one. Each epoch leaves out a different remainder of photos.
 */
export function batchesPerEpoch(photoCount: number, batchSize: number): number {
  return Math.max(1, Math.floor(photoCount / batchSize));
}

/**
 * The endless stream of training batches. The order of an epoch depends only on the random seed and the epoch, and a
 * crop also on its place in the epoch. A stream that starts at a batch's `next` therefore continues bit for bit.
 */
export class BatchStream {
  readonly batchesPerEpoch: number;
  readonly #dataset: Dataset;
  readonly #options: BatchStreamOptions;
  readonly #numbers: readonly number[];
  readonly #prepared: Promise<TrainingBatch>[] = [];
  #order: { readonly epoch: number; readonly numbers: readonly number[] } | undefined;
  #upcoming: StreamPosition;

  /** @throws RangeError if the training set is empty. */
  constructor(dataset: Dataset, options: BatchStreamOptions) {
    this.#dataset = dataset;
    this.#options = options;
    this.#numbers = dataset.numbersOf('training');
    if (this.#numbers.length === 0) throw new RangeError('the training set is empty');
    this.batchesPerEpoch = batchesPerEpoch(this.#numbers.length, options.batchSize);
    this.#upcoming = options.position;
  }

  /** Returns the next batch. The following ones are prepared in the meantime. Calls must not overlap. */
  async next(): Promise<TrainingBatch> {
    this.#prepareAhead();
    const batch = await this.#prepared.shift()!;
    this.#prepareAhead();
    return batch;
  }

  /** Waits for the batches in preparation. Don't call {@link next} after that. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#prepared.splice(0));
  }

  #prepareAhead(): void {
    while (this.#prepared.length < Math.max(1, this.#options.ahead)) {
      const position = this.#upcoming;
      const last = position.batch + 1 >= this.batchesPerEpoch;
      this.#upcoming = last
        ? { epoch: position.epoch + 1, batch: 0 }
        : { epoch: position.epoch, batch: position.batch + 1 };
      const preparing = this.#prepare(position, this.#upcoming);
      preparing.catch(() => {}); // reported to the caller that takes this batch
      this.#prepared.push(preparing);
    }
  }

  async #prepare({ epoch, batch }: StreamPosition, next: StreamPosition): Promise<TrainingBatch> {
    const { batchSize, cropSize, mirror, seed } = this.#options;
    const order = this.#orderOf(epoch);
    const places = Array.from({ length: batchSize }, (_, index) => batch * batchSize + index);
    const numbers = places.map((place) => order[place % order.length]!);
    const crops = places.map((place) => randomCrop(seededRandom(seedOf(seed, epoch, place)), cropSize, mirror));
    return { ...(await readBatch(this.#dataset, numbers, crops, batchSize)), epoch, next };
  }

  #orderOf(epoch: number): readonly number[] {
    if (this.#order?.epoch !== epoch) {
      const random = seededRandom(seedOf(this.#options.seed, epoch));
      this.#order = { epoch, numbers: shuffled(random, this.#numbers) };
    }
    return this.#order.numbers;
  }
}

/** Yields a split's photos once, in order, with center crops, as validation sees them. The last batch may be padded. */
export async function* partBatches(dataset: Dataset, part: Part, options: BatchOptions): AsyncGenerator<Batch> {
  const { batchSize, cropSize } = options;
  const numbers = dataset.numbersOf(part);
  const read = (first: number) => {
    const some = numbers.slice(first, first + batchSize);
    const crops = some.map(() => centerOf(cropSize));
    return readBatch(dataset, some, crops, batchSize);
  };
  let upcoming = numbers.length > 0 ? read(0) : undefined;
  for (let first = batchSize; upcoming; first += batchSize) {
    const batch = await upcoming;
    upcoming = first < numbers.length ? read(first) : undefined;
    upcoming?.catch(() => {});
    yield batch;
  }
}

/** Returns what to subtract, `[256, 256]`: the mean image itself, or its average level at every pixel. */
export function meanOf({ mean }: Pick<Dataset, 'mean'>, kind: MeanKind): Float32Array {
  if (kind === 'image') return mean;
  return new Float32Array(PHOTO_BYTES).fill(mean.reduce((sum, level) => sum + level, 0) / PHOTO_BYTES);
}

async function readBatch(
  dataset: Dataset,
  numbers: readonly number[],
  crops: readonly Crop[],
  batchSize: number,
): Promise<Batch> {
  const { size } = crops[0]!;
  const photos = new Uint8Array(batchSize * size * size);
  const [origins, directions, labels] = [0, 1, 2].map(() => new Int32Array(batchSize)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  await Promise.all(
    numbers.map(async (number, index) => {
      const photo = new Uint8Array(PHOTO_BYTES);
      await dataset.readPhoto(number, photo);
      const crop = crops[index]!;
      cropInto(photo, crop, photos, index * size * size);
      const { origin, direction } = placeOf(crop);
      origins[index] = origin;
      directions[index] = direction;
      labels[index] = LABELS.indexOf(dataset.photos[number]!.label);
    }),
  );
  for (let index = numbers.length; index < batchSize; index += 1) {
    photos.copyWithin(index * size * size, 0, size * size);
    for (const facts of [origins, directions, labels]) facts[index] = facts[0]!;
  }
  return { photos, origins, directions, labels, numbers, count: numbers.length };
}
