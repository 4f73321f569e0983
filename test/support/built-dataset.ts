import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { afterAll, beforeAll } from 'vitest';
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
  return await buildIn(temporaryFolder(), counts, perProfile, more);
}

/**
 * Builds such a dataset once for all tests of a file, because that starts processes. Tests may read it and copy it.
 *
 * @returns a function that returns its folder once the tests run.
 */
export function sharedDataset(counts: Record<Label, number>, perProfile = 0): () => string {
  let root = '';
  let folder = '';
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'swipenet-test-'));
    folder = await buildIn(root, counts, perProfile);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => folder;
}

async function buildIn(
  root: string,
  counts: Record<Label, number>,
  perProfile: number,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<string> {
  await writeLabeledPhotos(root, counts, perProfile);
  for (const [name, photo] of Object.entries(more)) await writeFile(join(root, 'nope', name), photo);
  const out = join(root, 'set');
  const folders = { like: [join(root, 'like')], nope: [join(root, 'nope')] };
  await buildDataset({ ...folders, out, testPercent: 0, resize: 'squash', seed: 1, pairs: false, workers: 2 });
  return out;
}
