import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { writeLabeledPhotos } from './labeled-photos.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Builds a dataset with these numbers of drawn photos of each label (bright and dark patches), in folders as
 * {@link writeLabeledPhotos} writes them. It is removed after the test.
 *
 * @param more more photos of NOPE, each a profile of its own, by the names of their files.
 */
export async function builtDataset(
  counts: Record<Label, number>,
  perProfile = 0,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<string> {
  const root = temporaryFolder();
  await writeLabeledPhotos(root, counts, perProfile);
  for (const [name, photo] of Object.entries(more)) await writeFile(join(root, 'nope', name), photo);
  const out = join(root, 'set');
  const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
  await buildDataset({ ...folders, out, testPercent: 0, resize: 'squash', seed: 1, pairs: false, workers: 2 });
  return out;
}
