import { CommandError } from '../command-error.ts';
import { quantizationParametersOf, type Range } from '../onnx/quantize-tensor.ts';
import type { CalibrationMethod } from '../registry/quantization.ts';

const BINS = 4096;
const FIRST_HIGH = 1;

/** The share of an activation's values that `percentile` covers. */
const PERCENTILE = 0.9999;

/** The range ends that `mse` tries, as shares of the largest value. */
const TRIED_SHARES = Array.from({ length: 100 }, (_, index) => (index + 1) / 100);

/**
 * A histogram of the magnitudes of an activation's values, in bins of equal width. The width doubles whenever a value
 * lies beyond the last bin.
 */
export class ActivationHistogram {
  #counts = new Float64Array(BINS);
  #high = FIRST_HIGH;
  #smallest = 0;
  #largest = 0;

  /** Adds values. Throws CommandError `weights_invalid` if one isn't finite. */
  add(numbers: Float32Array): void {
    let [smallest, largest] = [this.#smallest, this.#largest];
    for (let index = 0; index < numbers.length; index += 1) {
      const number = numbers[index]!;
      if (number < smallest) smallest = number;
      if (number > largest) largest = number;
    }
    if (!Number.isFinite(largest - smallest)) {
      throw new CommandError('weights_invalid', 'the model computes infinite or NaN values; check its weights');
    }
    this.#smallest = smallest;
    this.#largest = largest;
    while (this.#high <= Math.max(largest, -smallest)) this.#widen();
    const bins = BINS / this.#high;
    for (let index = 0; index < numbers.length; index += 1) this.#counts[(Math.abs(numbers[index]!) * bins) | 0]! += 1;
  }

  /**
   * Chooses the range to quantize the activation with. `minmax` covers every value, `percentile` all but one in ten
   * thousand. `mse` minimizes the mean squared error. An activation with both signs always keeps its full range.
   */
  range(method: CalibrationMethod): Range {
    if (method === 'minmax' || this.#smallest < 0) return { low: this.#smallest, high: this.#largest };
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
    const errors = TRIED_SHARES.map((share) => ({
      high: share * this.#largest,
      error: this.#error(share * this.#largest),
    }));
    return errors.reduce((best, next) => (next.error < best.error ? next : best)).high;
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
