import type { Precision } from '@swipenet/shared/contract/model.ts';
import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import type { TasteDatabase } from './database.ts';

/** The network body that computed features. Features of different bodies don't fit together. */
export interface Body {
  /** SHA-256 of its weights, in hex. */
  readonly sha256: string;
  readonly precision: Precision;
}

/** A photo as it is stored. */
export interface DescribedPhoto {
  /** `[1856]`, stored as float16. */
  readonly features: Float32Array;
  readonly body: Body;
  /** `[256, 256]` gray levels, only if the person wants photos to be kept. */
  readonly gray?: Uint8Array | undefined;
}

/** What photos belong to: a swipe, or a score that nobody has swiped yet. */
type Owner = { readonly swipe: number } | { readonly score: string };

/** Bytes of a photo's features. */
export const FEATURE_BYTES = 2 * FEATURE_COUNT;

/**
 * Stores photos in order. Call it in a transaction.
 *
 * @throws RangeError if features or gray levels have the wrong length.
 */
export function insertPhotos(database: TasteDatabase, owner: Owner, photos: readonly DescribedPhoto[]): void {
  const [swipe, score] = 'swipe' in owner ? [owner.swipe, null] : [null, owner.score];
  for (const { features, body, gray } of photos) {
    if (gray && gray.length !== DECODED_SIZE ** 2) throw new RangeError(`a gray photo has ${gray.length} levels`);
    database.run(
      'INSERT INTO photos (swipe, score, body, features, gray) VALUES (?, ?, ?, ?, ?)',
      ...[swipe, score, idOfBody(database, body), toFloat16(features), gray ?? null],
    );
  }
}

/** Returns the row of a body, or undefined if nothing comes from it. */
export function findBody(database: TasteDatabase, { sha256, precision }: Body): number | undefined {
  const sql = 'SELECT id FROM bodies WHERE sha256 = ? AND precision = ?';
  return database.get<{ id: number }>(sql, sha256, precision)?.id;
}

/** Returns the row of a body, which is added if it is new. Call it in a transaction. */
export function idOfBody(database: TasteDatabase, body: Body): number {
  const { sha256, precision } = body;
  const sql = 'INSERT INTO bodies (sha256, precision) VALUES (?, ?)';
  return findBody(database, body) ?? database.run(sql, sha256, precision).id;
}

/** Returns features as float16 bytes. A feature that is too large for float16 becomes the largest one. */
export function toFloat16(features: Float32Array): Uint8Array {
  if (features.length !== FEATURE_COUNT) throw new RangeError(`a photo has ${features.length} features`);
  const half = Float16Array.from(features, (feature) => Math.min(feature, LARGEST_FLOAT16));
  return new Uint8Array(half.buffer);
}

const LARGEST_FLOAT16 = 65_504;

/** Returns float16 bytes as features `[1856]`. */
export function fromFloat16(bytes: Uint8Array): Float32Array {
  return Float32Array.from(new Float16Array(new Uint8Array(bytes).buffer));
}
