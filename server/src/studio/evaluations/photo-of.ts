import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { EvaluatedPhotoAnswer } from '@swipenet/shared/contract/studio/evaluations.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';
import { PHOTO_BYTES } from '../../training/dataset/dataset-format.ts';

/**
 * Returns a photo of a dataset and what is known about it. Throws SwipenetError `studio_unknown` if there is no such
 * photo; CommandError `dataset_invalid` if its shard is damaged.
 */
export async function photoOf(dataset: Dataset, number: number): Promise<EvaluatedPhotoAnswer> {
  const photo = dataset.photos[number];
  if (!photo) throw new SwipenetError('studio_unknown', `the dataset has no photo ${number}`);
  const gray = Buffer.alloc(PHOTO_BYTES);
  await dataset.readPhoto(number, gray);
  return { number, ...photo, gray: gray.toString('base64') };
}
