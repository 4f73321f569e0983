/** Averages every channel of a value over photos. */
export class ChannelMeans {
  readonly #sums: Float64Array;
  /** Numbers added to each channel so far. */
  #count = 0;

  constructor(channels: number) {
    this.#sums = new Float64Array(channels);
  }

  /** @param numbers one photo's, `[1, channels, height, width]`. */
  add(numbers: Float32Array): void {
    const size = numbers.length / this.#sums.length;
    for (let channel = 0; channel < this.#sums.length; channel += 1) {
      let sum = 0;
      for (let index = channel * size; index < (channel + 1) * size; index += 1) sum += numbers[index]!;
      this.#sums[channel]! += sum;
    }
    this.#count += size;
  }

  /** Returns the means, `[channels]`. They are zeros until something is added. */
  means(): Float32Array {
    return Float32Array.from(this.#sums, (sum) => sum / Math.max(1, this.#count));
  }
}
