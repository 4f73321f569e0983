import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { systemPath } from './path-text.ts';

/** Bytes, or text as UTF-8. */
type Hashed = string | Uint8Array;

/** Returns the SHA-256 in hex. */
export function sha256(content: Hashed): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Returns the SHA-256 as 32 bytes. Digests all have the same length, so they can be compared in constant time. */
export function sha256Digest(content: Hashed): Buffer {
  return createHash('sha256').update(content).digest();
}

/** Returns the SHA-256 of pieces joined in order, in hex. */
export function sha256OfPieces(pieces: Iterable<Hashed>): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** Reads a file of any size in chunks. Returns its length in bytes and its SHA-256 in hex. */
export async function sha256OfFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const stream = createReadStream(systemPath(path), { highWaterMark: 1 << 20 });
  await pipeline(stream, hash);
  return { bytes: stream.bytesRead, sha256: hash.digest('hex') };
}
