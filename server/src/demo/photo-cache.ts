/** Photos that were drawn lately, bounded by their bytes; one that is asked for twice at once is drawn once. */
export class PhotoCache {
  readonly #maxBytes: number;
  readonly #photos = new Map<string, { readonly bytes: Promise<Uint8Array<ArrayBuffer>>; size: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The photo of a key: the one that is kept, else drawn now. A failed drawing is not kept. */
  async get(key: string, draw: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#photos.get(key);
    if (kept) {
      this.#photos.delete(key); // back in at the end: the least lately used comes first
      this.#photos.set(key, kept);
      return kept.bytes;
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
