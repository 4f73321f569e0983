import { SwipenetError } from '@swipenet/shared/contract/error-codes.ts';
import { DECODED_SIZE, type ResizeMode } from '@swipenet/shared/photo.ts';
import { BACKGROUND_LEVEL, LUMA } from '@swipenet/shared/prepared-photo.ts';
import { type EncodedPhoto, type GrayLevels, grayLevels } from '../photo-bytes.ts';
import { sharp } from '../sharp.ts';
import { jpegSize, type PhotoSize } from './jpeg/jpeg-size.ts';
import { PHOTO_LIMITS } from './photo-limits.ts';
import { photoTypeOf } from './photo-type.ts';
import { openable, renderPhoto } from './render.ts';

/** Shows through where a photo is transparent. */
const BACKGROUND = { r: BACKGROUND_LEVEL, g: BACKGROUND_LEVEL, b: BACKGROUND_LEVEL };

/**
 * Decodes a photo to gray levels: it renders the photo as Chromium does, in front of white, resizes it, and takes the
 * Rec. 601 luma. Serving and training both use this function.
 *
 * @throws SwipenetError `photo_empty`, `photo_type_unsupported`, `photo_too_small`, `photo_too_many_pixels`,
 *   `photo_undecodable`, `photo_decode_timeout`.
 */
export async function decodePhoto(bytes: EncodedPhoto, resize: ResizeMode): Promise<GrayLevels> {
  if (bytes.length === 0) throw new SwipenetError('photo_empty', 'the photo is empty');
  const type = photoTypeOf(bytes);
  if (!type) {
    throw new SwipenetError('photo_type_unsupported', 'the photo is not a JPEG, PNG, WebP or AVIF');
  }
  try {
    checkSize((type === 'jpeg' && jpegSize(bytes)) || (await sizeByHeader(openable(bytes, type))));
    const fit = resize === 'cover' ? 'cover' : 'fill';
    const { pixels, channels } = await renderPhoto(bytes, type, {
      resize: { width: DECODED_SIZE, height: DECODED_SIZE, fit },
      background: BACKGROUND,
    });
    return grayLevels(toGray(pixels, channels));
  } catch (cause) {
    if (cause instanceof SwipenetError) throw cause;
    if (cause instanceof Error && /timeout/i.test(cause.message)) {
      const message = `the photo took longer than ${PHOTO_LIMITS.decodeTimeoutS} s to decode`;
      throw new SwipenetError('photo_decode_timeout', message, { cause });
    }
    throw new SwipenetError('photo_undecodable', 'the photo is damaged or truncated', { cause });
  }
}

/** Reads only the header. Throws SwipenetError `photo_undecodable`. */
async function sizeByHeader(bytes: Uint8Array): Promise<PhotoSize> {
  return await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new SwipenetError('photo_undecodable', 'the photo’s header is damaged', { cause });
    });
}

/** Rejects a photo that has too many or too few pixels before any of them are decoded. */
function checkSize({ width, height }: PhotoSize): void {
  if (width * height > PHOTO_LIMITS.maxPixels) {
    const message = `the photo has ${width} × ${height} pixels; the limit is ${PHOTO_LIMITS.maxPixels} in total`;
    throw new SwipenetError('photo_too_many_pixels', message);
  }
  if (Math.min(width, height) < PHOTO_LIMITS.minSide) {
    const message = `the photo has ${width} × ${height} pixels; each side needs at least ${PHOTO_LIMITS.minSide}`;
    throw new SwipenetError('photo_too_small', message);
  }
}

/**
 * Returns the Rec. 601 luma, 0.299 R + 0.587 G + 0.114 B, rounded. JPEG, DIGITS and the article use the same gray.
 * (sharp's own `grayscale()` differs: it weights linear light by Rec. 709.) A single channel is already gray.
 */
export function toGray(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return pixels;
  const { red, green, blue } = LUMA;
  const gray = new Uint8Array(pixels.length / channels);
  for (let pixel = 0, at = 0; pixel < gray.length; pixel += 1, at += channels) {
    gray[pixel] = (red * pixels[at]! + green * pixels[at + 1]! + blue * pixels[at + 2]! + 500) / 1000;
  }
  return gray;
}
