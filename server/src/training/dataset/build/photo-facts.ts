import { sha256 } from '../../../files/sha256.ts';
import { dHash } from '../look-alikes/dhash.ts';
import { lookOf } from '../look-alikes/photo-look.ts';
import type { PhotoFacts } from './selection.ts';

/** What a selection looks at of a photo that was decoded: its file's bytes, and its gray levels `[256, 256]`. */
export function factsOf(bytes: Uint8Array, pixels: Uint8Array): Extract<PhotoFacts, { sha256: string }> {
  return { sha256: sha256(bytes), hash: dHash(pixels), look: Buffer.from(lookOf(pixels)).toString('base64') };
}
