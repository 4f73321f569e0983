/** What a benchmark can be told; each takes what concerns it. */
export interface BenchOptions {
  /** How long each load lasts. */
  readonly seconds?: number;
  /** How many photos are sent. */
  readonly photos?: number;
  /** How many requests are sent. */
  readonly requests?: number;
  /** What chance begins with: the same seed, the same run. */
  readonly seed?: number;
}
