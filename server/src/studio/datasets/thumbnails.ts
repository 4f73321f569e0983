import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { THUMBNAIL_SIZE } from '@swipenet/shared/contract/studio/datasets.ts';
import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';
import { PHOTO_BYTES } from '../../training/dataset/dataset-format.ts';

const FACTOR = DECODED_SIZE / THUMBNAIL_SIZE;

/** The size of a thumbnail, in bytes: one gray level per pixel. */
export const THUMBNAIL_BYTES = THUMBNAIL_SIZE * THUMBNAIL_SIZE;

/**
 * Returns photos' thumbnails one after the other, gray levels `[N, 128, 128]`. Each pixel is the mean of 2 × 2. Throws
 * SwipenetError `studio_unknown` if the dataset has no photo with such a number.
 */
export async function thumbnailsOf(dataset: Dataset, numbers: readonly number[]): Promise<Uint8Array> {
  const thumbnails = new Uint8Array(numbers.length * THUMBNAIL_BYTES);
  const photo = new Uint8Array(PHOTO_BYTES);
  for (const [at, number] of numbers.entries()) {
    await readInto(photo, dataset, number);
    shrink(photo, thumbnails.subarray(at * THUMBNAIL_BYTES, (at + 1) * THUMBNAIL_BYTES));
  }
  return thumbnails;
}

/** Returns a photo's gray levels, `[256, 256]`. Throws SwipenetError `studio_unknown`. */
export async function photoOf(dataset: Dataset, number: number): Promise<Uint8Array> {
  const photo = new Uint8Array(PHOTO_BYTES);
  await readInto(photo, dataset, number);
  return photo;
}

async function readInto(photo: Uint8Array, dataset: Dataset, number: number): Promise<void> {
  if (number >= dataset.head.photos) throw new SwipenetError('studio_unknown', `the dataset has no photo ${number}`);
  await dataset.readPhoto(number, photo);
}

function shrink(photo: Uint8Array, into: Uint8Array): void {
  for (let y = 0; y < THUMBNAIL_SIZE; y += 1) {
    for (let x = 0; x < THUMBNAIL_SIZE; x += 1) {
      const first = y * FACTOR * DECODED_SIZE + x * FACTOR;
      const below = first + DECODED_SIZE;
      into[y * THUMBNAIL_SIZE + x] =
        (photo[first]! + photo[first + 1]! + photo[below]! + photo[below + 1]! + FACTOR) / (FACTOR * FACTOR);
    }
  }
}
