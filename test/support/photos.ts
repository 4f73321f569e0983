import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Computes colorful pixels from a formula: `[height, width, 3]`. */
export function formulaPixels(width: number, height: number): Buffer {
  const levels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      levels[3 * (y * width + x)] = (x * 255) / width;
      levels[3 * (y * width + x) + 1] = (y * 255) / height;
      levels[3 * (y * width + x) + 2] = ((x ^ y) & 63) * 4;
    }
  return levels;
}

/** Returns {@link formulaPixels} as a photo that still needs an output format. */
export function formulaPhoto(width: number, height: number): Sharp {
  return sharp(formulaPixels(width, height), { raw: { width, height, channels: 3 } });
}

/** A PNG of a few bytes that claims the given size (PNG specification, 5.3: length, type, data, CRC). */
export function bombPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // eight bits, RGB
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    framed.set(body, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(0)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
