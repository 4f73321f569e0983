import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { readPhotoFile } from '@swipenet/server/image/files/read-photo-file.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { buildFeatureModel } from '@swipenet/server/training/head/feature-model.ts';
import { featuresOf } from '@swipenet/server/training/head/features.ts';
import { featureNetwork, HEAD_CROPS } from '@swipenet/server/training/head/train-head.ts';
import { MEAN_LEVEL } from '@swipenet/server/training/profiles/file-features.ts';
import type { Pretrained } from '@swipenet/server/training/run/start/initialize.ts';
import { readPretrained } from '@swipenet/server/training/run/start/pretrained.ts';

/** Photos of a kind, and where their features are kept. */
export interface KindFeatures {
  readonly photos: string;
  readonly kind: string;
  /** File names in the folder `photos`. */
  readonly names: readonly string[];
  /** Folder that keeps the features between runs, or undefined to compute them each time. */
  readonly features: string | undefined;
}

/** Reads the network that `--init` names. Throws RangeError for `none`, which has no features. */
export async function readFeatureNetwork(init: string): Promise<Pretrained> {
  const pretrained = await readPretrained(init);
  if (!pretrained) throw new RangeError('--init none has no features');
  return pretrained;
}

/**
 * Returns the features of a kind's photos in every crop of a head: `[names · crops, 1856]`. Reads them from a file if
 * they were kept.
 */
export async function featuresOfKind(
  { photos, kind, names, features }: KindFeatures,
  pretrained: Pretrained,
): Promise<Float32Array> {
  const { weights, mean } = featureNetwork(pretrained, MEAN_LEVEL);
  const model = buildFeatureModel(weights);
  const hash = createHash('sha256')
    .update(model)
    .update(JSON.stringify([mean, HEAD_CROPS, names]))
    .digest('hex');
  const path = features && join(features, `${kind}-${hash.slice(0, 16)}.f32`);
  const kept = path && (await readFile(path).catch(() => undefined));
  if (kept) return new Float32Array(new Uint8Array(kept).buffer);
  const session = await openSession({ model, device: 'cpu', threads: 1 }); // so that two runs fit side by side
  const read = async (index: number, into: Uint8Array) => {
    into.set(await decodePhoto(await readPhotoFile(join(photos, names[index]!)), 'squash'));
  };
  const found = await featuresOf(names.length, read, { session, mean, crops: HEAD_CROPS });
  await session.close();
  if (path && features) {
    await mkdir(features, { recursive: true });
    await writeFile(path, new Uint8Array(found.buffer));
  }
  return found;
}
