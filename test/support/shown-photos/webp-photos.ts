import sharp from 'sharp';
import { basePicture, SIZE } from './base-picture.ts';
import type { Photos } from './png-photos.ts';

/** A chunk of a RIFF file, padded to an even length. */
function riffChunk(type: string, ...data: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(data);
  const head = Buffer.alloc(8);
  head.write(type);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

const u24 = (value: number) => Buffer.of(value & 255, (value >> 8) & 255, value >> 16);

/** An animation whose frames cover a part of the picture. The rest is transparent, whatever background the file names. */
async function partialFrames(alpha: boolean): Promise<Buffer> {
  const part = { width: SIZE.width / 2, height: SIZE.height / 2 };
  const webp = await basePicture(alpha, part).webp({ quality: 95 }).toBuffer();
  const extended = webp.toString('latin1', 12, 16) === 'VP8X';
  const content = webp.subarray(extended ? 30 : 12);
  const frame = (left: number) =>
    riffChunk('ANMF', ...[left / 2, 8 / 2, part.width - 1, part.height - 1, 60_000].map(u24), Buffer.alloc(1), content);
  const flags = Buffer.of(alpha ? 0x12 : 0x02, 0, 0, 0);
  return riffChunk(
    'RIFF',
    Buffer.from('WEBP'),
    riffChunk('VP8X', flags, u24(SIZE.width - 1), u24(SIZE.height - 1)),
    riffChunk('ANIM', Buffer.of(0, 0, 255, 255, 0, 0)),
    frame(16),
    frame(0),
  );
}

export async function webpPhotos(): Promise<Photos> {
  const photos: Photos = {};
  for (const alpha of [false, true]) {
    const suffix = alpha ? ' and alpha' : '';
    const picture = () => basePicture(alpha);
    photos[`lossy${suffix}`] = await picture().webp({ quality: 95 }).toBuffer();
    photos[`lossless${suffix}`] = await picture().webp({ lossless: true }).toBuffer();
    photos[`gray${suffix}`] = await picture().toColourspace('b-w').webp({ quality: 95 }).toBuffer();
    photos[`ICC${suffix}`] = await picture().withIccProfile('p3').webp({ quality: 95 }).toBuffer();
    const frames = await Promise.all(
      [picture(), picture().negate({ alpha: false })].map((one) => one.png().toBuffer()),
    );
    photos[`animated${suffix}`] = await sharp(frames, { join: { animated: true } })
      .webp({ quality: 95, delay: [60_000, 60_000] })
      .toBuffer();
    photos[`animated in parts${suffix}`] = await partialFrames(alpha);
  }
  return photos;
}
