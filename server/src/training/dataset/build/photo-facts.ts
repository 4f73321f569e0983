import { sha256 } from '../../../files/sha256.ts';
import type { EncodedPhoto, GrayLevels } from '../../../image/photo-bytes.ts';
import { dHash } from '../look-alikes/dhash.ts';
import { lookOf } from '../look-alikes/photo-look.ts';
import { plainLevels } from '../look-alikes/plain-photos.ts';
import type { PhotoFacts } from './selection.ts';

/** The version of the facts. An interrupted build with other facts starts over. */
export const FACTS_VERSION = 2;

/** Returns the facts about a decoded photo. */
export function factsOf(bytes: EncodedPhoto, pixels: GrayLevels): Extract<PhotoFacts, { sha256: string }> {
  const hash = dHash(pixels);
  const plain = plainLevels(pixels, hash);
  return { sha256: sha256(bytes), hash, look: base64(lookOf(pixels)), ...(plain && { plain: base64(plain) }) };
}

const base64 = (levels: Uint8Array) => Buffer.from(levels).toString('base64');
