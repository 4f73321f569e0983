import { type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { type CropPlan, developCrop, randomColorCrop, servedCrop } from './color-crop.ts';
import type { PictureCache } from './picture-cache.ts';

/** Crops as the student and the teacher see them. */
export interface CropBatch {
  readonly count: number;
  /** `[count, 1, side, side]`, mean subtracted. */
  readonly gray: Float32Array;
  /** `[count, 3, side, side]`: blue, green and red, means subtracted. */
  readonly color: Float32Array;
}

/** How to make crops. */
export interface CropStreamOptions {
  readonly cache: PictureCache;
  /** The numbers of the pictures to crop. */
  readonly pictures: readonly number[];
  readonly cropSize: number;
  readonly seed: number;
  readonly levels: { readonly mean: number; readonly means: readonly number[] };
}

/** A picture of this many pixels has weight 1. */
const UNIT_PIXELS = 320 * 320;

/** However large a picture is, it has at most this weight. */
const MAX_WEIGHT = 8;

/** Random crops of pictures. Large pictures are chosen more often, because their crops differ more. */
export class CropStream {
  readonly #options: CropStreamOptions;
  /** Sums of the pictures' weights up to and including each. */
  readonly #sums: Float64Array;

  constructor(options: CropStreamOptions) {
    this.#options = options;
    let sum = 0;
    this.#sums = Float64Array.from(options.pictures, (number) => {
      const { filePixels } = options.cache.pictures[number]!;
      sum += Math.min(MAX_WEIGHT, Math.sqrt(filePixels / UNIT_PIXELS));
      return sum;
    });
  }

  /** Returns random crops. They depend only on the seed and the purpose, so a run can resume at any step. */
  async random(count: number, ...purpose: readonly number[]): Promise<CropBatch> {
    const { cache, seed } = this.#options;
    return this.#batch(count, (index) => {
      const random = seededRandom(seedOf(seed, ...purpose, index));
      const number = this.#draw(random);
      return { number, plan: randomColorCrop(random, cache.pictures[number]!.levels[0]!) };
    });
  }

  /** Returns what serving sees of each picture. */
  async served(): Promise<CropBatch> {
    const { cache, pictures } = this.#options;
    return this.#batch(pictures.length, (index) => {
      const number = pictures[index]!;
      return { number, plan: servedCrop(cache.pictures[number]!.levels[0]!) };
    });
  }

  async #batch(count: number, planOf: (index: number) => { number: number; plan: CropPlan }): Promise<CropBatch> {
    const { cache, cropSize, levels } = this.#options;
    const area = cropSize ** 2;
    const gray = new Float32Array(count * area);
    const color = new Float32Array(3 * count * area);
    for (let index = 0; index < count; index += 1) {
      const { number, plan } = planOf(index);
      const rgb = await cache.crop(number, plan, cropSize);
      const place = gray.subarray(index * area, (index + 1) * area);
      developCrop(rgb, plan.light, levels, place, color.subarray(3 * index * area, 3 * (index + 1) * area));
    }
    return { count, gray, color };
  }

  /** Draws a picture by weight. */
  #draw(random: Random): number {
    const { pictures } = this.#options;
    const target = random() * this.#sums.at(-1)!;
    let [low, high] = [0, pictures.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return pictures[low]!;
  }
}

/** Takes `count` items at even distances, or all if there are fewer. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  const kept = Math.min(count, items.length);
  return Array.from({ length: kept }, (_, index) => items[Math.floor((index * items.length) / kept)]!);
}
