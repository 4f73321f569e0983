/** The maximum number of keys. Beyond it, the least recently used one is forgotten. */
const MAX_KEYS = 10_000;

/** How many tokens a bucket gains per second, and how many it holds. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * A token bucket for each key. It holds `burst` tokens, each request takes one, and `perSecond` come back. Beyond a
 * maximum number, it forgets the least recently used keys, so nobody can fill the memory by inventing keys.
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

  /** Takes a token of a key. Returns 0 on success, otherwise the milliseconds until there is one. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    const atMs = this.#now();
    const before = this.#buckets.get(key) ?? { level: burst, atMs };
    const level = Math.min(burst, before.level + ((atMs - before.atMs) * perSecond) / 1_000);
    const taken = level >= 1;
    this.#buckets.delete(key); // and add it at the end, so that the first key is the least recently used
    this.#buckets.set(key, { level: taken ? level - 1 : level, atMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#maxKeys && oldest !== undefined) this.#buckets.delete(oldest);
    return taken ? 0 : Math.ceil(((1 - level) / perSecond) * 1_000);
  }
}
