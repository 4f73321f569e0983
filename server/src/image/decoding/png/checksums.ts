// Node has these in zlib, which the server doesn't import: it decompresses what strangers send (architecture.md).

/** The remainders of all bytes (PNG, annex D). */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** The checksum of a chunk (PNG, 5.5). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_OF_BYTE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The most bytes of a block that isn't compressed (RFC 1951, 3.2.4). */
const MAX_STORED = 65_535;

/** Puts bytes into the form of zlib without compressing them (RFC 1950). */
export function stored(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MAX_STORED) {
    const block = bytes.subarray(at, at + MAX_STORED);
    const last = at + MAX_STORED >= bytes.length ? 1 : 0;
    blocks.push(Uint8Array.of(last, block.length, block.length >> 8, ~block.length, ~block.length >> 8), block);
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(adler32(bytes));
  return Buffer.concat([Uint8Array.of(0x78, 0x01), ...blocks, sum]);
}

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}
