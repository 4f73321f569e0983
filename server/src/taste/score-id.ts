import { createHmac } from 'node:crypto';

/** Everything that a kept score depends on. */
export interface ScoreContent {
  readonly taste: string;
  /** SHA-256 of each photo's bytes, in hex, in order. */
  readonly photos: readonly string[];
  readonly photoCount: number;
  readonly model: string;
  readonly threshold: number;
}

/**
 * Returns the ID of a score, 22 characters. The same content always has the same ID, so a profile that is scored again
 * renews its score. It is 128 bits of an HMAC-SHA256, so nobody without the key can guess it.
 */
export function scoreIdOf({ taste, photos, photoCount, model, threshold }: ScoreContent, key: Uint8Array): string {
  const content = JSON.stringify([taste, photoCount, model, threshold, ...photos]);
  return createHmac('sha256', key).update(content).digest().subarray(0, 16).toString('base64url');
}
