import { distance, type PhotoHash } from './dhash.ts';
import { NEAR_BITS, type NearHash, NearIndex } from './near-index.ts';
import { likeness, SAME_LOOK } from './photo-look.ts';
import { PlainIndex } from './plain-photos.ts';

/** How a photo is compared with others: by its hash and look, or by its levels if it is plain. */
export interface PhotoAppearance {
  readonly hash: PhotoHash;
  /** `[16, 16]`, see lookOf. */
  readonly look: Uint8Array;
  /** `[16, 16]`, see plainLevels. */
  readonly plain: Uint8Array | undefined;
}

/** Photos that others may look like. */
export class SeenPhotos {
  readonly #near = new NearIndex();
  readonly #plain = new PlainIndex();
  readonly #byNumber = new Map<number, PhotoAppearance>();

  /** Adds a photo under a number, which must be larger than those before. */
  add(photo: PhotoAppearance, number: number): void {
    if (photo.plain) this.#plain.add(photo.plain, number);
    else this.#near.add(photo.hash, number);
    this.#byNumber.set(number, photo);
  }

  /** Returns the photos that look like this one, in the order they were added. */
  alike({ hash, look, plain }: PhotoAppearance): NearHash[] {
    if (plain) {
      return this.#plain.copies(plain).map((number) => {
        return { number, bits: distance(hash, this.#byNumber.get(number)!.hash) };
      });
    }
    const near = this.#near.near(hash, NEAR_BITS);
    return near.filter(({ number }) => likeness(this.#byNumber.get(number)!.look, look) >= SAME_LOOK);
  }
}
