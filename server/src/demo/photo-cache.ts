/** A size-limited LRU cache of drawn photos. Simultaneous requests for a photo draw it once. */
export class PhotoCache {
  readonly #maxBytes: number;
  readonly #photos = new Map<string, { readonly bytes: Promise<Uint8Array<ArrayBuffer>>; size: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The current size. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns a cached photo, or draws and caches it. A failure isn't cached. */
  async get(key: string, draw: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
    const cached = this.#photos.get(key);
    if (cached) {
      this.#photos.delete(key); // reinserted at the end, so the least recently used comes first
      this.#photos.set(key, cached);
      return cached.bytes;
    }
    const entry = { bytes: draw(), size: 0 };
    this.#photos.set(key, entry);
    try {
      const bytes = await entry.bytes;
      entry.size = bytes.length;
      this.#bytes += bytes.length;
      this.#dropOldest();
      return bytes;
    } catch (error) {
      this.#photos.delete(key);
      throw error;
    }
  }

  #dropOldest(): void {
    for (const [key, { size }] of this.#photos) {
      if (this.#bytes <= this.#maxBytes) return;
      if (size === 0) continue; // still being drawn
      this.#photos.delete(key);
      this.#bytes -= size;
    }
  }
}
