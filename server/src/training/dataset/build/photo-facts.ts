import { sha256 } from '../../../files/sha256.ts';
import type { EncodedPhoto, GrayLevels } from '../../../image/photo-bytes.ts';
import { dHash } from '../look-alikes/dhash.ts';
import { lookOf } from '../look-alikes/photo-look.ts';
import type { PhotoFacts } from './selection.ts';

/** Returns the facts about a decoded photo. */
export function factsOf(bytes: EncodedPhoto, pixels: GrayLevels): Extract<PhotoFacts, { sha256: string }> {
  return { sha256: sha256(bytes), hash: dHash(pixels), look: Buffer.from(lookOf(pixels)).toString('base64') };
}
