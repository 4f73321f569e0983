import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import * as z from 'zod';
import type { Dataset } from '../dataset.ts';
import { type Part, PHOTO_BYTES } from '../dataset-format.ts';
import { type Crop, centreOf, cropInto, randomCrop } from './augment.ts';

/** What can be subtracted from photos: the mean image, or its mean level at every pixel. */
export const MEAN_KINDS = ['image', 'pixel'] as const;

/** One of {@link MEAN_KINDS}. */
export type MeanKind = (typeof MEAN_KINDS)[number];

/** A place in the training data: how many batches of which epoch are behind. Part of every checkpoint. */
export const streamPositionSchema = z.strictObject({ epoch: z.int().min(0), batch: z.int().min(0) });

/** See {@link streamPositionSchema}. */
export type StreamPosition = z.infer<typeof streamPositionSchema>;

/** Photos and their labels as the network takes them. */
export interface Batch {
  /** `[N, 1, cropSize, cropSize]` gray levels minus the mean. */
  readonly photos: Float32Array;
  /** `[N]`: the index of each photo's class in `LABELS`, 0 NOPE, 1 LIKE. */
  readonly labels: Int32Array;
  /** `[count]`: the photos' numbers in the data set. */
  readonly numbers: readonly number[];
  /** How many of the N are photos; behind them (in a part's last batch) the first is repeated. */
  readonly count: number;
}

/** A batch to train on. */
export interface TrainingBatch extends Batch {
  /** The epoch it belongs to, from 0. */
  readonly epoch: number;
  /** The place behind it: a stream that begins there goes on as this one does. */
  readonly next: StreamPosition;
}

/** How batches are made. */
export interface BatchOptions {
  readonly batchSize: number;
  /** Side of the crop, 224 for serving's network. */
  readonly cropSize: number;
  readonly mean: MeanKind;
}

/** How a training stream shuffles, cuts and reads ahead. */
export interface BatchStreamOptions extends BatchOptions {
  readonly mirror: boolean;
  readonly seed: number;
  /** Where to begin; a new run begins at `{ epoch: 0, batch: 0 }`. */
  readonly position: StreamPosition;
  /** Batches that are prepared while the caller computes. */
  readonly ahead: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** Batches in an epoch. What does not fill a last one sits out, other photos each epoch; a part below a batch is one. */
export function batchesPerEpoch(photoCount: number, batchSize: number): number {
  return Math.max(1, Math.floor(photoCount / batchSize));
}

/**
 * The endless stream of training batches: every epoch in another order, every photo cut anew, both drawn from the seed,
 * the epoch and the place in it alone. So a stream that begins at a batch's `next` gives bit for bit what would have come.
 */
export class BatchStream {
  readonly batchesPerEpoch: number;
  readonly #dataset: Dataset;
  readonly #options: BatchStreamOptions;
  readonly #numbers: readonly number[];
  readonly #mean: Float32Array;
  readonly #prepared: Promise<TrainingBatch>[] = [];
  #order: { readonly epoch: number; readonly numbers: readonly number[] } | undefined;
  #upcoming: StreamPosition;
  #waitedMs = 0;

  /** @throws RangeError where the training part is empty. */
  constructor(dataset: Dataset, options: BatchStreamOptions) {
    this.#dataset = dataset;
    this.#options = options;
    this.#numbers = dataset.numbersOf('training');
    if (this.#numbers.length === 0) throw new RangeError('the training part has no photo');
    this.#mean = meanOf(dataset, options.mean);
    this.batchesPerEpoch = batchesPerEpoch(this.#numbers.length, options.batchSize);
    this.#upcoming = options.position;
  }

  /** Milliseconds that callers of {@link next} have waited, all together. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** The next batch; the ones behind it are prepared meanwhile. Calls must not overlap. */
  async next(): Promise<TrainingBatch> {
    const begin = this.#options.now();
    this.#prepareAhead();
    const batch = await this.#prepared.shift()!;
    this.#prepareAhead();
    this.#waitedMs += this.#options.now() - begin;
    return batch;
  }

  /** Lets the batches that are being prepared end; nobody may call {@link next} any more. */
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
      preparing.catch(() => {}); // told to whoever takes this batch
      this.#prepared.push(preparing);
    }
  }

  async #prepare({ epoch, batch }: StreamPosition, next: StreamPosition): Promise<TrainingBatch> {
    const { batchSize, cropSize, mirror, seed } = this.#options;
    const order = this.#orderOf(epoch);
    const places = Array.from({ length: batchSize }, (_, index) => batch * batchSize + index);
    const numbers = places.map((place) => order[place % order.length]!);
    const crops = places.map((place) => randomCrop(seededRandom(seedOf(seed, epoch, place)), cropSize, mirror));
    return { ...(await readBatch(this.#dataset, numbers, crops, this.#mean, batchSize)), epoch, next };
  }

  #orderOf(epoch: number): readonly number[] {
    if (this.#order?.epoch !== epoch) {
      const random = seededRandom(seedOf(this.#options.seed, epoch));
      this.#order = { epoch, numbers: shuffled(random, this.#numbers) };
    }
    return this.#order.numbers;
  }
}

/** A part's photos once, in their order, cut in the middle: what validation looks at. The last batch may be padded. */
export async function* partBatches(dataset: Dataset, part: Part, options: BatchOptions): AsyncGenerator<Batch> {
  const { batchSize, cropSize } = options;
  const mean = meanOf(dataset, options.mean);
  const numbers = dataset.numbersOf(part);
  const read = (first: number) => {
    const some = numbers.slice(first, first + batchSize);
    const crops = some.map(() => centreOf(cropSize));
    return readBatch(dataset, some, crops, mean, batchSize);
  };
  let upcoming = numbers.length > 0 ? read(0) : undefined;
  for (let first = batchSize; upcoming; first += batchSize) {
    const batch = await upcoming;
    upcoming = first < numbers.length ? read(first) : undefined;
    upcoming?.catch(() => {});
    yield batch;
  }
}

/** What is subtracted, `[256, 256]`: the mean image itself, or its mean level at every pixel. */
export function meanOf({ mean }: Pick<Dataset, 'mean'>, kind: MeanKind): Float32Array {
  if (kind === 'image') return mean;
  return new Float32Array(PHOTO_BYTES).fill(mean.reduce((sum, level) => sum + level, 0) / PHOTO_BYTES);
}

async function readBatch(
  dataset: Dataset,
  numbers: readonly number[],
  crops: readonly Crop[],
  mean: Float32Array,
  batchSize: number,
): Promise<Batch> {
  const { size } = crops[0]!;
  const photos = new Float32Array(batchSize * size * size);
  const labels = new Int32Array(batchSize);
  await Promise.all(
    numbers.map(async (number, index) => {
      const photo = new Uint8Array(PHOTO_BYTES);
      await dataset.readPhoto(number, photo);
      cropInto(photo, mean, crops[index]!, photos, index * size * size);
      labels[index] = LABELS.indexOf(dataset.photos[number]!.label);
    }),
  );
  for (let index = numbers.length; index < batchSize; index += 1) {
    photos.copyWithin(index * size * size, 0, size * size);
    labels[index] = labels[0]!;
  }
  return { photos, labels, numbers, count: numbers.length };
}
