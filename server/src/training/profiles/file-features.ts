import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import { readPhotoFile } from '../../image/files/read-photo-file.ts';
import type { GrayLevels } from '../../image/photo-bytes.ts';
import { type Device, openSession } from '../../runtime/session.ts';
import type { Crop } from '../dataset/batches/augment.ts';
import type { LeftOut } from '../dataset/build/selection.ts';
import type { SourcePhoto } from '../dataset/build/source-photos.ts';
import { inOrder } from '../dataset/in-order.ts';
import { buildFeatureModel, FEATURE_COUNT } from '../head/feature-model.ts';
import { featuresOf } from '../head/features.ts';
import { featureNetwork, HEAD_CROPS } from '../head/train-head.ts';
import type { Pretrained } from '../run/start/initialize.ts';

/** The gray level to subtract for a network that doesn't say: the average of the Caffe model zoo's three. */
export const MEAN_LEVEL = 114.7;

/** The number of photos that are decoded before the network computes their features. */
const CHUNK = 64;

/** A photo file with its features `[crops, 1856]`, or the reason why it has none. */
export type DescribedFile =
  | { readonly photo: SourcePhoto; readonly features: Float32Array }
  | { readonly photo: SourcePhoto; readonly leftOut: LeftOut };

/** How to compute features. */
export interface DescribeWork {
  readonly device: Device;
  readonly threads: number;
  /** The crops of each photo. {@link HEAD_CROPS} by default. */
  readonly crops?: readonly Crop[];
  readonly onProgress: (work: string, done: number, total: number) => void;
}

/**
 * Computes the features of photo files and yields them in order. A photo that can't be decoded is left out. Only a few
 * photos are in memory at a time.
 */
export async function* describeFiles(
  photos: readonly SourcePhoto[],
  pretrained: Pretrained,
  { device, threads, crops = HEAD_CROPS, onProgress }: DescribeWork,
): AsyncGenerator<DescribedFile> {
  const { weights, mean } = featureNetwork(pretrained, MEAN_LEVEL);
  const session = await openSession({ model: buildFeatureModel(weights), device, threads });
  try {
    let done = 0;
    for await (const chunk of chunks(inOrder(photos, threads, decode))) {
      const decoded = chunk.flatMap((file) => ('levels' in file ? [file.levels] : []));
      const read = async (index: number, into: Uint8Array) => into.set(decoded[index]!);
      const features = await featuresOf(decoded.length, read, { session, mean, crops });
      const perPhoto = crops.length * FEATURE_COUNT;
      let row = 0;
      for (const { photo, ...outcome } of chunk) {
        if ('leftOut' in outcome) yield { photo, leftOut: outcome.leftOut };
        else yield { photo, features: features.subarray(row * perPhoto, (row + 1) * perPhoto) };
        if ('levels' in outcome) row += 1;
      }
      done += chunk.length;
      onProgress('photos', done, photos.length);
    }
  } finally {
    await session.close();
  }
}

/** The photos that could be decoded with their features, and the others. */
export interface FileFeatures {
  readonly readable: readonly SourcePhoto[];
  /** `[readable · crops, 1856]`, as `learnProfiles` takes them. */
  readonly features: Float32Array;
  readonly leftOut: readonly LeftOut[];
}

/** Computes the features of photo files all at once. */
export async function featuresOfFiles(
  photos: readonly SourcePhoto[],
  pretrained: Pretrained,
  work: DescribeWork,
): Promise<FileFeatures> {
  const perPhoto = (work.crops ?? HEAD_CROPS).length * FEATURE_COUNT;
  const all = new Float32Array(photos.length * perPhoto);
  const readable: SourcePhoto[] = [];
  const leftOut: LeftOut[] = [];
  for await (const file of describeFiles(photos, pretrained, work)) {
    if ('leftOut' in file) leftOut.push(file.leftOut);
    else all.set(file.features, (readable.push(file.photo) - 1) * perPhoto);
  }
  return { readable, features: all.subarray(0, readable.length * perPhoto), leftOut };
}

async function decode(
  photo: SourcePhoto,
): Promise<{ photo: SourcePhoto } & ({ levels: GrayLevels } | { leftOut: LeftOut })> {
  try {
    return { photo, levels: await decodePhoto(await readPhotoFile(photo.path), 'cover') };
  } catch (error) {
    if (!isPhotoError(error)) throw error;
    const { path, label } = photo;
    return { photo, leftOut: { path, label, reason: error.code, message: error.message } };
  }
}

/** Gathers items in lists of {@link CHUNK}. */
async function* chunks<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    if (chunk.push(item) < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
