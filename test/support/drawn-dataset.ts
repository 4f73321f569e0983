import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import { generatedSet } from '@swipenet/server/training/quality/generated-set.ts';
import { LABELS } from '@swipenet/shared/confidence.ts';

/** How many pictures there are for one with wrong labels. */
const WRONG_EVERY = 6;

/**
 * Builds a dataset of drawn pictures that the embedded models can tell apart, well made (LIKE) and degraded (NOPE), in
 * profiles of two photos. Half of it is the test set. Some labels are wrong.
 *
 * @param root a folder for the pictures’ files.
 * @param pairs the number of pictures, each there twice; at most 24.
 */
export async function drawnDataset(root: string, out: string, pairs: number): Promise<void> {
  let drawn = 0;
  for await (const { label, bytes } of generatedSet()) {
    const picture = Math.floor(drawn / LABELS.length);
    const other = label === 'LIKE' ? 'NOPE' : 'LIKE';
    const folder = join(root, picture % WRONG_EVERY === 0 ? other : label, `profile-${Math.floor(picture / 2)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${picture}.jpg`), bytes);
    drawn += 1;
    if (drawn === LABELS.length * pairs) break;
  }
  const folders = { like: [join(root, 'LIKE')], nope: [join(root, 'NOPE')] };
  await buildDataset({ ...folders, out, testPercent: 50, resize: 'cover', seed: 1, pairs: true, workers: 2 });
}
