const MIN_BLOCK = 1024;
const MAX_BLOCK = 64 * 1024;

/** Memory for the likely length is taken at once when this share of it has arrived. */
const LIKELY_SHARE = 1 / 8;

/**
 * Collects bytes of unknown length. It copies them, because keeping a chunk of a single byte would take a hundred times
 * as much memory. The blocks grow with the bytes, so they take at most twice as much, or eight times as much if a
 * likely length is given.
 */
export class GrowingBytes {
  #full: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #used = 0;
  #length = 0;
  readonly #likely: number;

  /** @param likely the length that the bytes probably have. If they do, they aren't copied again. */
  constructor(likely = 0) {
    this.#likely = likely;
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      if (this.#used === this.#block.length) {
        if (this.#used > 0) this.#full.push(this.#block);
        this.#block = new Uint8Array(this.#nextBlock(bytes.length - from));
        this.#used = 0;
      }
      const part = bytes.subarray(from, from + this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      this.#length += part.length;
      from += part.length;
    }
  }

  /** Returns all bytes, in a buffer of their own. */
  joined(): Uint8Array<ArrayBuffer> {
    if (this.#full.length === 0 && this.#used === this.#block.length) return this.#block;
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const block of [...this.#full, this.#block.subarray(0, this.#used)]) {
      joined.set(block, at);
      at += block.length;
    }
    return joined;
  }

  #nextBlock(arrived: number): number {
    if (this.#length === 0 && this.#likely > 0 && arrived >= LIKELY_SHARE * this.#likely) return this.#likely;
    return Math.min(Math.max(this.#length, MIN_BLOCK), MAX_BLOCK);
  }

  /** The text of the first bytes (UTF-8). */
  text(maxBytes = this.#length): string {
    return new TextDecoder().decode(this.joined().subarray(0, maxBytes));
  }
}
