import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import type { ErrorCodeOf } from '@swipenet/shared/contract/errors.ts';
import { isPlain, type PhotoHash } from '../look-alikes/dhash.ts';
import { NEAR_BITS, NearIndex } from '../look-alikes/near-index.ts';
import { likeness, SAME_LOOK } from '../look-alikes/photo-look.ts';
import type { SourcePhoto } from './source-photos.ts';

/** What was found out about one file: its fault, or its hashes and its look (base64 of `[16, 16]` levels). */
export type PhotoFacts =
  | { readonly error: { readonly code: ErrorCodeOf<'photo'>; readonly message: string } }
  | { readonly sha256: string; readonly hash: PhotoHash; readonly look: string };

/** Why a file is not in a data set. A closed list: the codes of faulty photos, and what only a data set minds. */
export type LeftOutReason = ErrorCodeOf<'photo'> | 'no_photo_by_name' | 'same_bytes' | 'near_duplicate';

/** A file that was left out, and why. */
export interface LeftOut {
  readonly path: string;
  readonly label: Label;
  readonly reason: LeftOutReason;
  /** In words; names the other file where there is one. */
  readonly message: string;
}

/** A photo that is kept. */
export interface KeptPhoto extends SourcePhoto {
  readonly sha256: string;
}

/** Two kept photos, by their numbers, that look alike though their labels differ. */
export interface NearPair {
  readonly nope: number;
  readonly like: number;
  readonly bits: number;
}

/**
 * Decides file by file, in order, what becomes part of a data set: a faulty photo does not, nor one with the bytes of an
 * earlier one of its label, nor one that looks like an earlier one of its label. The same facts in the same order give the same.
 */
export class Selection {
  readonly kept: KeptPhoto[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly nearAcrossLabels: NearPair[] = [];
  readonly #byBytes: Record<Label, Map<string, string>> = { NOPE: new Map(), LIKE: new Map() };
  readonly #near: Record<Label, NearIndex> = { NOPE: new NearIndex(), LIKE: new NearIndex() };
  readonly #looks = new Map<number, Uint8Array>();

  /**
   * Takes the next file's facts.
   *
   * @returns true where the photo is kept; it is then the last of {@link kept}.
   */
  take(photo: SourcePhoto, facts: PhotoFacts): boolean {
    const { label } = photo;
    if ('error' in facts) return this.#leave(photo, facts.error.code, facts.error.message);
    const same = this.#byBytes[label].get(facts.sha256);
    if (same) return this.#leave(photo, 'same_bytes', `it has the same bytes as ${same}`);
    this.#byBytes[label].set(facts.sha256, photo.path);
    if (!isPlain(facts.hash)) {
      const look = new Uint8Array(Buffer.from(facts.look, 'base64'));
      const [twin] = this.#lookAlikes(label, facts.hash, look);
      if (twin) {
        const earlier = this.kept[twin.number]!.path;
        return this.#leave(photo, 'near_duplicate', `it looks like ${earlier} (${twin.bits} of 64 bits differ)`);
      }
      this.#pair(label, facts.hash, look);
      this.#looks.set(this.kept.length, look);
      this.#near[label].add(facts.hash, this.kept.length);
    }
    this.kept.push({ ...photo, sha256: facts.sha256 });
    return true;
  }

  #leave({ path, label }: SourcePhoto, reason: LeftOutReason, message: string): false {
    this.leftOut.push({ path, label, reason, message });
    return false;
  }

  /** Kept photos of a label whose hash is near and whose look is the same. */
  #lookAlikes(label: Label, hash: PhotoHash, look: Uint8Array) {
    const near = this.#near[label].near(hash, NEAR_BITS);
    return near.filter(({ number }) => likeness(this.#looks.get(number)!, look) >= SAME_LOOK);
  }

  #pair(label: Label, hash: PhotoHash, look: Uint8Array): void {
    const [other] = LABELS.filter((one) => one !== label);
    for (const { number, bits } of this.#lookAlikes(other!, hash, look)) {
      const own = this.kept.length;
      this.nearAcrossLabels.push(
        label === 'LIKE' ? { nope: number, like: own, bits } : { nope: own, like: number, bits },
      );
    }
  }
}
