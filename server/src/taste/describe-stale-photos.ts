import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { toFloat16 } from '../runtime/float16.ts';
import { openSession } from '../runtime/session.ts';
import { centerOf } from '../training/dataset/batches/augment.ts';
import { buildFeatureModel } from '../training/head/feature-model.ts';
import { featuresOf } from '../training/head/features.ts';
import { featureNetwork } from '../training/head/train-head.ts';
import type { Pretrained } from '../training/run/initialize.ts';
import type { TasteDatabase } from './database.ts';
import { refreshFeatures, stalePhotos } from './training-profiles.ts';

/**
 * Computes the features of kept photos again if they come from an earlier `base`. Photos that weren't kept stay stale.
 *
 * @param base the network for heads, with `forHeads`.
 * @returns how many photos were refreshed.
 */
export async function refreshStalePhotos(database: TasteDatabase, base: Pretrained): Promise<number> {
  const { sha256 } = base.forHeads!;
  const photos = stalePhotos(database, sha256);
  let next = photos.next();
  if (next.done) return 0;
  const { weights, mean } = featureNetwork(base, 0);
  const session = await openSession({ model: buildFeatureModel(weights), device: 'cpu', threads: 1 });
  let refreshed = 0;
  try {
    for (; !next.done; next = photos.next()) {
      const { id, gray } = next.value;
      const crops = [centerOf(CROP_SIZE)];
      const features = await featuresOf(1, async (_, into) => into.set(gray), { session, mean, crops });
      refreshFeatures(database, id, toFloat16(features), { sha256, precision: 'fp32' });
      refreshed += 1;
    }
    return refreshed;
  } finally {
    await session.close();
  }
}
