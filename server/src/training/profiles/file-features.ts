import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import { decodePhoto } from '../../image/decode.ts';
import { readPhotoFile } from '../../image/read-photo-file.ts';
import { type Device, openSession } from '../../runtime/session.ts';
import type { Crop } from '../dataset/batches/augment.ts';
import type { SourcePhoto } from '../dataset/build/source-photos.ts';
import { buildFeatureModel } from '../head/feature-model.ts';
import { featuresOf } from '../head/features.ts';
import { featureNetwork, HEAD_CROPS } from '../head/train-head.ts';
import type { Pretrained } from '../run/initialize.ts';

/** The gray level to subtract for a network that doesn't say: the average of the Caffe model zoo's three. */
export const MEAN_LEVEL = 114.7;

/** The photos that could be decoded with their features, and the others. */
export interface FileFeatures {
  readonly readable: readonly SourcePhoto[];
  /** `[readable · crops, 1856]`, as `learnProfiles` takes them. */
  readonly features: Float32Array;
  readonly failed: readonly { readonly path: string; readonly code: string }[];
}

/** Computes the features of photo files. A photo that can't be decoded is left out of its profile. */
export async function featuresOfFiles(
  photos: readonly SourcePhoto[],
  pretrained: Pretrained,
  {
    device,
    threads,
    crops = HEAD_CROPS,
    onProgress,
  }: {
    readonly device: Device;
    readonly threads: number;
    /** The crops of each photo. {@link HEAD_CROPS} by default. */
    readonly crops?: readonly Crop[];
    readonly onProgress: (work: string, done: number, total: number) => void;
  },
): Promise<FileFeatures> {
  const levels: Uint8Array[] = [];
  const readable: SourcePhoto[] = [];
  const failed: { path: string; code: string }[] = [];
  for (const [index, photo] of photos.entries()) {
    try {
      levels.push(await decodePhoto(await readPhotoFile(photo.path), 'cover'));
      readable.push(photo);
    } catch (error) {
      if (!isPhotoError(error)) throw error;
      failed.push({ path: photo.path, code: error.code });
    }
    onProgress('photos', index + 1, photos.length);
  }
  const { weights, mean } = featureNetwork(pretrained, MEAN_LEVEL);
  const session = await openSession({ model: buildFeatureModel(weights), device, threads });
  try {
    const features = await featuresOf(levels.length, async (index, into) => into.set(levels[index]!), {
      ...{ session, mean, crops },
      onProgress: (done, total) => onProgress('features', done, total),
    });
    return { readable, features, failed };
  } finally {
    await session.close();
  }
}
