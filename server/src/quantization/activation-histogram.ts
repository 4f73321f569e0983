import { CommandError } from '../command-error.ts';
import { quantizationParametersOf, type Range } from '../onnx/quantize-tensor.ts';
import type { CalibrationMethod } from '../registry/quantization.ts';

const BINS = 4096;
const FIRST_HIGH = 1;

/** The share of an activation's values that `percentile` covers. */
const PERCENTILE = 0.9999;

/** Ends of the range that `mse` tries, as shares of the largest number. */
const TRIED = Array.from({ length: 100 }, (_, index) => (index + 1) / 100);

/**
 * A histogram of an activation's values: counts of magnitudes in bins of one width. The width doubles whenever a value
 * lies beyond the last bin.
 */
export class ActivationHistogram {
  #counts = new Float64Array(BINS);
  #high = FIRST_HIGH;
  #least = 0;
  #largest = 0;

  /** Throws CommandError `weights_invalid` for a number that is not finite. */
  add(numbers: Float32Array): void {
    let [least, largest] = [this.#least, this.#largest];
    for (let index = 0; index < numbers.length; index += 1) {
      const number = numbers[index]!;
      if (number < least) least = number;
      if (number > largest) largest = number;
    }
    if (!Number.isFinite(largest - least)) {
      throw new CommandError('weights_invalid', 'the model computes numbers that are not finite');
    }
    this.#least = least;
    this.#largest = largest;
    while (this.#high <= Math.max(largest, -least)) this.#widen();
    const bins = BINS / this.#high;
    for (let index = 0; index < numbers.length; index += 1) this.#counts[(Math.abs(numbers[index]!) * bins) | 0]! += 1;
  }

  /**
   * The range to quantize the activation with. `minmax` covers every value. `percentile` leaves out one in ten thousand.
   * `mse` has the least mean squared error. An activation with both signs always keeps its full range.
   */
  range(method: CalibrationMethod): Range {
    if (method === 'minmax' || this.#least < 0) return { low: this.#least, high: this.#largest };
    return { low: 0, high: method === 'percentile' ? this.#percentile() : this.#leastError() };
  }

  #widen(): void {
    const merged = new Float64Array(BINS);
    for (let bin = 0; bin < BINS; bin += 1) merged[bin >> 1]! += this.#counts[bin]!;
    this.#counts = merged;
    this.#high *= 2;
  }

  #percentile(): number {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    let left = total * (1 - PERCENTILE);
    let bin = BINS;
    while (bin > 1 && left >= 0) {
      bin -= 1;
      left -= this.#counts[bin]!;
    }
    return Math.min(this.#largest, ((bin + 1) * this.#high) / BINS);
  }

  #leastError(): number {
    const errors = TRIED.map((share) => ({ high: share * this.#largest, error: this.#error(share * this.#largest) }));
    return errors.reduce((best, tried) => (tried.error < best.error ? tried : best)).high;
  }

  #error(high: number): number {
    const { scale } = quantizationParametersOf({ low: 0, high });
    let sum = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      const number = ((bin + 0.5) * this.#high) / BINS;
      const dequantized = Math.min(255, Math.round(number / scale)) * scale;
      sum += this.#counts[bin]! * (number - dequantized) ** 2;
    }
    return sum;
  }
}
