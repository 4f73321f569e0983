import type { Session } from '../../runtime/session.ts';
import type { CropStream } from './crop-stream.ts';
import { type FeatureScales, MODULES, type ModuleScale } from './distillation-graph.ts';
import { teacherMaps } from './teacher.ts';

/** The number of crops to measure on, and how many at a time. */
const CROPS = { batch: 16, batches: 20 } as const;

/** Separates these crops from those of the steps. */
const SCALES = 0x73636c73;

/** A feature that hardly varies counts as if it had this share of the median standard deviation. */
const LEAST_DEVIATION = 0.2;

/** Sums over photos, or over photos and positions, of the numbers of each channel and of their squares. */
class Moments {
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** Adds a number for each channel. */
  add(numberOf: (channel: number) => number): void {
    this.#count += 1;
    for (let channel = 0; channel < this.#sums.length; channel += 1) {
      const number = numberOf(channel);
      this.#sums[channel]! += number;
      this.#squares[channel]! += number ** 2;
    }
  }

  /** Returns the variance of each channel. */
  variances(): Float64Array {
    return this.#squares.map((square, channel) => {
      return Math.max(0, square / this.#count - (this.#sums[channel]! / this.#count) ** 2);
    });
  }
}

/** Measures how much the teacher's features and maps vary from crop to crop. */
export async function measureScales(
  teacher: Session,
  stream: CropStream,
  onProgress: (done: number, total: number) => void,
): Promise<FeatureScales> {
  const features = new Map<string, Moments>();
  const positions = new Map<string, Moments>();
  for (let batch = 0; batch < CROPS.batches; batch += 1) {
    const crops = await stream.random(CROPS.batch, SCALES, batch);
    const maps = await teacherMaps(teacher, crops);
    for (const module of MODULES) {
      const { data, shape } = maps[`map${module}`];
      const [, channels, height, width] = shape as [number, number, number, number];
      const area = height * width;
      const ofFeatures = features.get(module) ?? new Moments(channels);
      const ofPositions = positions.get(module) ?? new Moments(channels);
      features.set(module, ofFeatures);
      positions.set(module, ofPositions);
      for (let photo = 0; photo < crops.count; photo += 1) {
        const at = (channel: number) => (photo * channels + channel) * area;
        ofFeatures.add((channel) => mean(data.subarray(at(channel), at(channel) + area)));
        for (let place = 0; place < area; place += 1) ofPositions.add((channel) => data[at(channel) + place]!);
      }
    }
    onProgress(batch + 1, CROPS.batches);
  }
  const scaleOf = (module: string) => toScale(features.get(module)!.variances(), positions.get(module)!.variances());
  return { '5b': scaleOf('5b'), '5a': scaleOf('5a') };
}

function toScale(features: Float64Array, positions: Float64Array): ModuleScale {
  const deviations = features.map(Math.sqrt);
  const least = LEAST_DEVIATION * deviations.toSorted()[deviations.length >> 1]!;
  return {
    features: Float32Array.from(deviations, (deviation) => 1 / Math.max(deviation, least)),
    map: 1 / Math.sqrt(mean(positions)),
  };
}

function mean(numbers: Float32Array | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < numbers.length; at += 1) sum += numbers[at]!;
  return sum / numbers.length;
}
