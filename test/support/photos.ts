import { crc32, deflateSync } from 'node:zlib';
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

/** A PNG of a few bytes that claims the given size. */
export const bombPng = (width: number, height: number): Buffer => png(width, height, { data: Buffer.alloc(0) });

/** The passes of an interlaced PNG: the first column and row, and the steps between them (PNG, 8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A black PNG that can only be decoded as a whole, because its rows are interlaced. It compresses a thousandfold. */
export function interlacedPng(width: number, height: number): Buffer {
  const count = (size: number, first: number, step: number) => Math.ceil((size - first) / step);
  const bytes = ADAM7.reduce(
    (sum, [x, y, stepX, stepY]) => sum + count(height, y, stepY) * (1 + 3 * count(width, x, stepX)),
    0,
  );
  return png(width, height, { data: deflateSync(Buffer.alloc(bytes)), interlaced: true });
}

/** Makes a PNG of eight bits and three channels (PNG, 5.3: length, type, data, CRC). */
function png(width: number, height: number, { data, interlaced = false }: { data: Buffer; interlaced?: boolean }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, interlaced ? 1 : 0], 8); // eight bits, RGB
  const chunk = (type: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(content.length, 0);
    framed.set(body, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
