import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import type { ErrorCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { LeftOutPathReason } from '../../../image/files/photo-files.ts';
import type { PhotoHash } from '../look-alikes/dhash.ts';
import { type PhotoAppearance, SeenPhotos } from '../look-alikes/seen-photos.ts';
import type { SourcePhoto } from './source-photos.ts';

/**
 * The facts about one file: what is wrong with it, or its hashes, its look, and for a plain photo its levels (both base64
 * of `[16, 16]` levels).
 */
export type PhotoFacts =
  | { readonly error: { readonly code: ErrorCodeOf<'photo'>; readonly message: string } }
  | { readonly sha256: string; readonly hash: PhotoHash; readonly look: string; readonly plain?: string | undefined };

/** Why a file isn't in a dataset: the error code of an unusable photo, or a reason specific to datasets. */
export type LeftOutReason = ErrorCodeOf<'photo'> | LeftOutPathReason | 'same_bytes' | 'near_duplicate' | 'dropped';

export interface LeftOut {
  readonly path: string;
  readonly label: Label;
  readonly reason: LeftOutReason;
  /** The reason in words. Names the other file if there is one. */
  readonly message: string;
}

export const sameBytesAs = (path: string) => `it has the same bytes as ${path}`;

/** A photo in the dataset. */
export interface KeptPhoto extends SourcePhoto {
  readonly sha256: string;
}

/** The numbers of two kept photos that look alike but have different labels. */
export interface NearPair {
  readonly nope: number;
  readonly like: number;
  readonly bits: number;
}

/**
 * Decides file by file which photos a dataset contains. Leaves out an unusable photo, and a photo that has the same
 * bytes or looks like an earlier photo of the same label. The same facts in the same order give the same selection.
 */
export class Selection {
  readonly kept: KeptPhoto[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly nearAcrossLabels: NearPair[] = [];
  readonly #byBytes: Record<Label, Map<string, string>> = { NOPE: new Map(), LIKE: new Map() };
  readonly #seen: Record<Label, SeenPhotos> = { NOPE: new SeenPhotos(), LIKE: new SeenPhotos() };

  /**
   * Adds the next file's facts.
   *
   * @returns true if the photo is kept. It is then the last element of {@link kept}.
   */
  take(photo: SourcePhoto, facts: PhotoFacts): boolean {
    const { label } = photo;
    if ('error' in facts) return this.#leave(photo, facts.error.code, facts.error.message);
    const same = this.#byBytes[label].get(facts.sha256);
    if (same) return this.#leave(photo, 'same_bytes', sameBytesAs(same));
    this.#byBytes[label].set(facts.sha256, photo.path);
    const look = appearanceOf(facts);
    const [twin] = this.#seen[label].alike(look);
    if (twin) {
      const earlier = this.kept[twin.number]!.path;
      return this.#leave(photo, 'near_duplicate', `it looks like ${earlier} (${twin.bits} of 64 bits differ)`);
    }
    this.#pair(label, look);
    this.#seen[label].add(look, this.kept.length);
    this.kept.push({ ...photo, sha256: facts.sha256 });
    return true;
  }

  #leave({ path, label }: SourcePhoto, reason: LeftOutReason, message: string): false {
    this.leftOut.push({ path, label, reason, message });
    return false;
  }

  #pair(label: Label, look: PhotoAppearance): void {
    const [other] = LABELS.filter((one) => one !== label);
    for (const { number, bits } of this.#seen[other!].alike(look)) {
      const own = this.kept.length;
      this.nearAcrossLabels.push(
        label === 'LIKE' ? { nope: number, like: own, bits } : { nope: own, like: number, bits },
      );
    }
  }
}

function appearanceOf({ hash, look, plain }: Extract<PhotoFacts, { sha256: string }>): PhotoAppearance {
  return { hash, look: levelsOf(look), plain: plain === undefined ? undefined : levelsOf(plain) };
}

const levelsOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
