import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { toFloat16 } from '../../runtime/float16.ts';
import { openSession } from '../../runtime/session.ts';
import { centerOf } from '../../training/dataset/batches/augment.ts';
import { buildFeatureModel } from '../../training/head/feature-model.ts';
import { featuresOf } from '../../training/head/features.ts';
import { featureNetwork } from '../../training/head/train-head.ts';
import type { Pretrained } from '../../training/run/start/initialize.ts';
import type { TasteDatabase } from '../store/database.ts';
import { featureBytes } from '../store/described-photo.ts';
import { type RefreshedPhoto, stalePhotos } from '../store/training-profiles.ts';

/** How many photos are read, and held in memory, at once. */
const AT_ONCE = 64;

/**
 * Computes the features of some kept photos again that come from an earlier `base`, and changes nothing. Photos that
 * weren't kept stay stale.
 *
 * @param base the network for heads, with `forHeads`.
 * @returns up to 64 photos; none if no photo is stale.
 */
export async function describeStalePhotos(database: TasteDatabase, base: Pretrained): Promise<RefreshedPhoto[]> {
  const body = { sha256: base.forHeads!.sha256, precision: 'fp32' } as const;
  const photos = stalePhotos(database, body.sha256, AT_ONCE);
  if (photos.length === 0) return [];
  const { weights, mean } = featureNetwork(base, 0);
  const session = await openSession({ model: buildFeatureModel(weights), device: 'cpu', threads: 1 });
  const crops = [centerOf(CROP_SIZE)];
  const described: RefreshedPhoto[] = [];
  try {
    for (const { id, gray } of photos) {
      const features = await featuresOf(1, async (_, into) => into.set(gray), { session, mean, crops });
      described.push({ id, features: featureBytes(toFloat16(features)), body });
    }
    return described;
  } finally {
    await session.close();
  }
}
