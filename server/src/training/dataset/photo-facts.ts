import { createHash } from 'node:crypto';
import { dHash } from './dhash.ts';
import { lookOf } from './photo-look.ts';
import type { PhotoFacts } from './selection.ts';

/** What a selection looks at of a photo that was decoded: its file's bytes, and its gray levels `[256, 256]`. */
export function factsOf(bytes: Uint8Array, pixels: Uint8Array): Extract<PhotoFacts, { sha256: string }> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, hash: dHash(pixels), look: Buffer.from(lookOf(pixels)).toString('base64') };
}
