import { CROP_SIZE, DECODED_SIZE, type ResizeMode } from '@swipenet/shared/photo.ts';
import { decodePhoto } from './decode.ts';

/** Bytes of one preprocessed photo: `[1, 224, 224]` gray levels. */
export const CROP_BYTES = CROP_SIZE * CROP_SIZE;

/** The centre 224 × 224 of a decoded photo's 256 × 256 gray levels. */
export function centreCrop(decoded: Uint8Array): Uint8Array {
  const margin = (DECODED_SIZE - CROP_SIZE) / 2;
  const crop = new Uint8Array(CROP_BYTES);
  for (let row = 0; row < CROP_SIZE; row += 1) {
    const begin = (row + margin) * DECODED_SIZE + margin;
    crop.set(decoded.subarray(begin, begin + CROP_SIZE), row * CROP_SIZE);
  }
  return crop;
}

/** A photo's bytes as the network takes them in serving: gray levels, `[1, 224, 224]`. Throws what {@link decodePhoto} throws. */
export async function preprocessPhoto(bytes: Uint8Array, resize: ResizeMode): Promise<Uint8Array> {
  return centreCrop(await decodePhoto(bytes, resize));
}
