/** Bytes of gray photos that wait for their swipe: those of about 200 profiles with 5 photos. */
const MAX_BYTES = 64 << 20;

/**
 * Gray photos of scored profiles that nobody has swiped yet, if the person wants photos to be kept. They are only in
 * memory until the swipe: a score never puts pixels on the disk. The oldest ones make room for newer ones.
 */
export class HeldPhotos {
  readonly #maxBytes: number;
  readonly #held = new Map<string, readonly Uint8Array[]>();
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Holds the photos of a score, `[256, 256]` each. */
  hold(scoreId: string, photos: readonly Uint8Array[]): void {
    this.take(scoreId);
    this.#held.set(scoreId, photos);
    this.#bytes += bytesOf(photos);
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.take(oldest);
    }
  }

  /** Returns the photos of a score, and holds them no longer. */
  take(scoreId: string): readonly Uint8Array[] {
    const photos = this.#held.get(scoreId) ?? [];
    this.#held.delete(scoreId);
    this.#bytes -= bytesOf(photos);
    return photos;
  }

  /** Forgets all photos. */
  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }
}

const bytesOf = (photos: readonly Uint8Array[]) => photos.reduce((sum, { length }) => sum + length, 0);
