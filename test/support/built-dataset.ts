import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { writeLabeledPhotos } from './labeled-photos.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Builds a dataset with these numbers of drawn photos of each label (bright and dark patches), in folders as
 * {@link writeLabeledPhotos} writes them. It is removed after the test.
 */
export async function builtDataset(counts: Record<Label, number>, perProfile = 0): Promise<string> {
  const root = temporaryFolder();
  await writeLabeledPhotos(root, counts, perProfile);
  const out = join(root, 'set');
  const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
  await buildDataset({ ...folders, out, testPercent: 0, resize: 'squash', seed: 1, pairs: false, workers: 2 });
  return out;
}
