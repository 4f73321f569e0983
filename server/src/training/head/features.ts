import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import type { Session } from '../../runtime/session.ts';
import { type Crop, cropInto } from '../dataset/batches/augment.ts';
import { PHOTO_BYTES } from '../dataset/dataset-format.ts';
import { FEATURE_COUNT } from './feature-model.ts';

/** The number of crops per call of the network. */
const BATCH = 8;

const CROP_PIXELS = CROP_SIZE * CROP_SIZE;

/** How to compute features. */
export interface FeatureOptions {
  /** A session of the model from buildFeatureModel. */
  readonly session: Pick<Session, 'run'>;
  /** The gray level to subtract. */
  readonly mean: number;
  /** The crops of each photo, 224 × 224 pixels. */
  readonly crops: readonly Crop[];
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Computes the features of photos in every crop: `[photos · crops, 1856]`. The crops of a photo are consecutive.
 *
 * @param read reads the gray levels of photo `index`, `[256, 256]`, into 65,536 bytes.
 */
export async function featuresOf(
  count: number,
  read: (index: number, into: Uint8Array) => Promise<void>,
  { session, mean, crops, onProgress }: FeatureOptions,
): Promise<Float32Array> {
  const level = Math.fround(mean);
  const total = count * crops.length;
  const features = new Float32Array(total * FEATURE_COUNT);
  const photo = new Uint8Array(PHOTO_BYTES);
  const levels = new Uint8Array(BATCH * CROP_PIXELS);
  for (let first = 0, loaded = -1; first < total; first += BATCH) {
    const size = Math.min(BATCH, total - first);
    for (let at = 0; at < size; at += 1) {
      const index = Math.floor((first + at) / crops.length);
      if (index !== loaded) await read(index, photo);
      loaded = index;
      cropInto(photo, crops[(first + at) % crops.length]!, levels, at * CROP_PIXELS);
    }
    const photos = Float32Array.from(levels.subarray(0, size * CROP_PIXELS));
    for (let at = 0; at < photos.length; at += 1) photos[at]! -= level;
    const answer = await session.run({ photos: { data: photos, shape: [size, 1, CROP_SIZE, CROP_SIZE] } });
    features.set(answer.features!.data, first * FEATURE_COUNT);
    onProgress?.(Math.floor((first + size) / crops.length), count);
  }
  return features;
}
