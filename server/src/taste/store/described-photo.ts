import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { NetworkBody } from '../../registry/network-body.ts';
import { FEATURE_COUNT } from '../../training/head/feature-model.ts';
import type { TasteDatabase } from './database.ts';

/** A photo as it is stored. */
export interface DescribedPhoto {
  /** `[1856]`. */
  readonly features: Float16Array;
  readonly body: NetworkBody;
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
      ...[swipe, score, idOfBody(database, body), featureBytes(features), gray ?? null],
    );
  }
}

/** Returns the row of a body, which is added if it is new. Call it in a transaction. */
export function idOfBody(database: TasteDatabase, body: NetworkBody): number {
  const { sha256, precision } = body;
  const find = 'SELECT id FROM bodies WHERE sha256 = ? AND precision = ?';
  const insert = 'INSERT INTO bodies (sha256, precision) VALUES (?, ?)';
  return database.get<{ id: number }>(find, sha256, precision)?.id ?? database.run(insert, sha256, precision).id;
}

/** Returns features `[1856]` as bytes to store. Throws RangeError if there are more or fewer. */
export function featureBytes({ buffer, byteOffset, byteLength, length }: Float16Array): Uint8Array {
  if (length !== FEATURE_COUNT) throw new RangeError(`a photo has ${length} features`);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Returns stored bytes as features `[1856]`. */
export const featuresIn = (bytes: Uint8Array): Float16Array => new Float16Array(new Uint8Array(bytes).buffer);
