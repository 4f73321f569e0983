import { CROP_SIZE, DECODED_SIZE, type ResizeMode } from '@swipenet/shared/photo.ts';
import { decodePhoto } from './decoding/decode.ts';
import { type EncodedPhoto, type GrayLevels, type PhotoCrop, photoCrop } from './photo-bytes.ts';

/** Crops the center of a decoded photo. */
export function centerCrop(decoded: GrayLevels): PhotoCrop {
  const margin = (DECODED_SIZE - CROP_SIZE) / 2;
  const crop = photoCrop();
  for (let row = 0; row < CROP_SIZE; row += 1) {
    const begin = (row + margin) * DECODED_SIZE + margin;
    crop.set(decoded.subarray(begin, begin + CROP_SIZE), row * CROP_SIZE);
  }
  return crop;
}

/** Turns a photo into the network's input for serving. Throws what {@link decodePhoto} throws. */
export async function preprocessPhoto(bytes: EncodedPhoto, resize: ResizeMode): Promise<PhotoCrop> {
  return centerCrop(await decodePhoto(bytes, resize));
}
