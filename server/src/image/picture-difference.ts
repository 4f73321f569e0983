import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { Picture } from './develop.ts';
import { sharp } from './sharp.ts';

/**
 * Measures how far apart two pictures of the same size are at the network's input. Returns the root mean square
 * difference of their green channels (most of what gray is) at 256 × 256, in gray levels from 0 to 255.
 */
export async function differenceOf(a: Picture, b: Picture): Promise<number> {
  const [x, y] = [await small(a), await small(b)];
  let sum = 0;
  for (let at = 0; at < x.length; at += 1) sum += (x[at]! - y[at]!) ** 2;
  return Math.sqrt(sum / x.length);
}

async function small({ width, height, pixels }: Picture): Promise<Uint8Array> {
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .extractChannel('green')
    .resize(DECODED_SIZE, DECODED_SIZE, { fit: 'fill' })
    .raw()
    .toBuffer();
}
