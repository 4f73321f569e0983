import { PHOTO_LIMITS } from './decode.ts';
import type { Picture } from './develop.ts';
import type { EncodedPhoto } from './photo-bytes.ts';
import { photoTypeOf } from './photo-type.ts';
import { sharp } from './sharp.ts';

/** How to decode a picture in color. */
export interface ColorOptions {
  /** A longer short side is reduced to this many pixels. */
  readonly maxShortSide: number;
  /** Fills what is transparent. */
  readonly background: { readonly r: number; readonly g: number; readonly b: number };
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
  if (!photoTypeOf(bytes)) return undefined;
  const options = { limitInputPixels: PHOTO_LIMITS.maxPixels, failOn: 'warning' } as const;
  try {
    const { width: fileWidth, height: fileHeight } = await sharp(bytes, options).metadata();
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .flatten({ background })
      .resize(maxShortSide, maxShortSide, { fit: 'outside', withoutEnlargement: true })
      .toColorspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const pixels = info.channels === 3 ? data : repeated(data, info.channels);
    return { width: info.width, height: info.height, pixels, filePixels: fileWidth * fileHeight };
  } catch {
    return undefined;
  }
}

/** Gives gray pixels three equal channels. */
function repeated(gray: Uint8Array, channels: number): Uint8Array {
  const pixels = new Uint8Array((gray.length / channels) * 3);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = gray[Math.floor(at / 3) * channels]!;
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
