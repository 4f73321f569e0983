import type { Rgb } from './decoding/color/levels.ts';
import { photoTypeOf } from './decoding/photo-type.ts';
import { openable, renderPhoto } from './decoding/render.ts';
import type { Picture } from './develop.ts';
import type { EncodedPhoto } from './photo-bytes.ts';
import { sharp } from './sharp.ts';

/** How to decode a picture in color. */
export interface ColorOptions {
  /** A longer short side is reduced to this many pixels. */
  readonly maxShortSide: number;
  /** Fills what is transparent. */
  readonly background: Rgb;
}

/** A decoded picture, and the number of pixels that its file had. */
export interface ColorPicture extends Picture {
  readonly filePixels: number;
}

/**
 * Decodes a picture in color: sRGB, oriented, without transparency.
 *
 * @returns `undefined` if it isn't a JPEG, PNG, WebP or AVIF, or is damaged or too large.
 */
export async function decodeColor(
  bytes: EncodedPhoto,
  { maxShortSide, background }: ColorOptions,
): Promise<ColorPicture | undefined> {
  const type = photoTypeOf(bytes);
  if (!type) return undefined;
  try {
    const { width: fileWidth, height: fileHeight } = await sharp(openable(bytes, type)).metadata();
    const resize = { width: maxShortSide, height: maxShortSide, fit: 'outside', withoutEnlargement: true } as const;
    const { width, height, pixels, channels } = await renderPhoto(bytes, type, { resize, background });
    const colors = channels === 3 ? pixels : repeated(pixels);
    return { width, height, pixels: colors, filePixels: fileWidth * fileHeight };
  } catch {
    return undefined;
  }
}

/** Gives gray pixels three equal channels. */
export function repeated(gray: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(gray.length * 3);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = gray[Math.floor(at / 3)]!;
  return pixels;
}

/** Halves a picture: each pixel is the mean of a square of four. An odd last row or column is left out. */
export function halved({ width, height, pixels }: Picture): Picture {
  const half = { width: width >> 1, height: height >> 1 };
  const small = new Uint8Array(half.width * half.height * 3);
  const stride = width * 3;
  for (let y = 0, into = 0; y < half.height; y += 1) {
    for (let x = 0; x < half.width; x += 1) {
      for (let channel = 0, at = 2 * y * stride + 6 * x; channel < 3; channel += 1, at += 1, into += 1) {
        small[into] = (pixels[at]! + pixels[at + 3]! + pixels[at + stride]! + pixels[at + stride + 3]! + 2) >> 2;
      }
    }
  }
  return { ...half, pixels: small };
}
