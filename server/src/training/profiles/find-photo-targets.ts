import { type Device, openSession } from '../../runtime/session.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { cropRows } from '../head/crop-rows.ts';
import { buildFeatureModel } from '../head/feature-model.ts';
import { featuresOf } from '../head/features.ts';
import { marginsOfRows } from '../head/logistic.ts';
import { featureNetwork, HEAD_CROPS } from '../head/train-head.ts';
import { levelOfMean } from '../run/end/export-model.ts';
import type { Pretrained } from '../run/start/initialize.ts';
import { groupsOf, learnProfiles, type ProfileLearning } from './learn-profiles.ts';
import { allOfLiked, sharesOfLikes } from './noisy-or.ts';
import { photoTargets } from './photo-targets.ts';

/** How to find the photos that carried a like. */
export interface FindingTargets extends Required<Pick<ProfileLearning, 'seed' | 'target'>> {
  readonly device: Device;
  readonly threads: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Finds what each training photo should teach the network if labels are of whole profiles. Photos of passed profiles are
 * NOPE. A head that learns from the profiles on the network's frozen features tells how far each photo of a liked
 * profile carried the like. Without a network, nothing tells these photos apart, and each of them counts as LIKE.
 *
 * @returns `[training photos, 2]`, see {@link photoTargets}.
 * @throws CommandError `dataset_too_small`, `weights_invalid`.
 */
export async function findPhotoTargets(
  dataset: Dataset,
  pretrained: Pretrained | undefined,
  finding: FindingTargets,
): Promise<Float32Array> {
  const numbers = dataset.numbersOf('training');
  const photos = numbers.map((number) => dataset.photos[number]!);
  const groups = groupsOf(photos);
  if (!pretrained) return photoTargets(groups, allOfLiked(groups, photos.length));
  const margins = await headMargins(dataset, pretrained, finding);
  return photoTargets(groups, sharesOfLikes(groups, margins));
}

/** Learns a head from the training profiles. Returns the margins that it gives their photos. */
async function headMargins(
  dataset: Dataset,
  pretrained: Pretrained,
  { seed, target, device, threads, onProgress }: FindingTargets,
): Promise<Float64Array> {
  const numbers = dataset.numbersOf('training');
  const { weights, mean } = featureNetwork(pretrained, levelOfMean(dataset.mean));
  const session = await openSession({ model: buildFeatureModel(weights), device, threads });
  try {
    const features = await featuresOf(numbers.length, (index, into) => dataset.readPhoto(numbers[index]!, into), {
      ...{ session, mean, crops: HEAD_CROPS },
      ...(onProgress && { onProgress }),
    });
    const photos = numbers.map((number) => dataset.photos[number]!);
    const { head } = learnProfiles(photos, features, { seed, target });
    return marginsOfRows(cropRows(features, photos.length).meanCrops, head);
  } finally {
    await session.close();
  }
}
