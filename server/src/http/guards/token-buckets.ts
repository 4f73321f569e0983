/** Keys that are remembered; one that was longest unused begins anew. */
const MAX_KEYS = 10_000;

/** How fast a bucket fills, and how much it holds. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A token bucket for each key: it holds `burst`, a request takes one, `perSecond` come back. Forgets what was longest
 * unused beyond a bound, so that nobody fills the memory with keys of their making.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, { level: number; atMs: number }>();

  constructor(rate: Rate, { now, maxKeys = MAX_KEYS }: { now: () => number; maxKeys?: number }) {
    this.#rate = rate;
    this.#now = now;
    this.#maxKeys = maxKeys;
  }

  /** Takes one of a key's; 0 when there was one, else how many milliseconds until there is. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    const atMs = this.#now();
    const before = this.#buckets.get(key) ?? { level: burst, atMs };
    const level = Math.min(burst, before.level + ((atMs - before.atMs) * perSecond) / 1_000);
    const taken = level >= 1;
    this.#buckets.delete(key); // and in again at the end: the first is then the one that was longest unused
    this.#buckets.set(key, { level: taken ? level - 1 : level, atMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#maxKeys && oldest !== undefined) this.#buckets.delete(oldest);
    return taken ? 0 : Math.ceil(((1 - level) / perSecond) * 1_000);
  }
}
