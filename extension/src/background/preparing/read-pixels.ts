import { BACKGROUND_LEVEL, MAX_PREPARED_PIXELS } from '@swipenet/shared/prepared-photo.ts';
import type { Pixels } from './gray-square.ts';

const BACKGROUND = `rgb(${BACKGROUND_LEVEL} ${BACKGROUND_LEVEL} ${BACKGROUND_LEVEL})`;

/**
 * Has the browser decode a photo: oriented, in sRGB, in front of the background. It decodes on a thread of its own.
 *
 * @param type the photo's media type.
 * @returns undefined for a photo that has too many pixels.
 * @throws DOMException if the browser can't decode it.
 */
export async function readPixels(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Pixels | undefined> {
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), { imageOrientation: 'from-image' });
  try {
    const { width, height } = bitmap;
    if (width * height > MAX_PREPARED_PIXELS) return undefined;
    // Without the hint, Chromium could draw on the GPU and wait for the pixels.
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.fillStyle = BACKGROUND;
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  } finally {
    bitmap.close();
  }
}
