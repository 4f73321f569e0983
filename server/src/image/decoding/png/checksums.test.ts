import { crc32 as crc32OfZlib, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, stored } from './checksums.ts';

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => index * 31 + (index >> 8));

describe.each([0, 1, 100, 65_535, 65_536, 200_000].map((length) => [length] as const))('%d bytes', (length) => {
  it('have the checksum that zlib computes', () => {
    expect(crc32(bytesOf(length))).toBe(crc32OfZlib(bytesOf(length)));
  });

  it.skipIf(length === 0)('are the same after zlib has unpacked them', () => {
    expect(inflateSync(stored(bytesOf(length))).equals(bytesOf(length))).toBe(true);
  });
});
