import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commitOfRecord } from '../run/start/commit-of-record.ts';
import { buildQualitySet } from './build-quality-set.ts';
import { qualitySources } from './sources.ts';

/** The file beside the set that names the commit it was made with. */
export const COMMIT_FILE = 'commit';

/** How to make the embedded model's training set. */
export interface DefaultSetOptions {
  /** Folders of photos. Each subfolder is its own group. */
  readonly photos: readonly string[];
  /** The number of drawn pictures to add. */
  readonly drawn: number;
  readonly seed: number;
  readonly workers: number;
  readonly onProgress: (work: string, done: number, total: number) => void;
  /** Called with the number of source photos before variants are made of them. */
  readonly onSources: (photos: number, leftOut: number) => void;
}

/**
 * Makes the embedded model's training set in the subfolder `set`, unless it is already there, and records the current
 * commit beside it. Throws what {@link qualitySources} and {@link buildQualitySet} throw.
 *
 * @returns the set's folder.
 */
export async function makeDefaultSet(folder: string, options: DefaultSetOptions): Promise<string> {
  const { photos, drawn, seed, workers, onProgress, onSources } = options;
  const set = join(folder, 'set');
  if (existsSync(set)) return set;
  const found = await qualitySources(photos, {
    ...{ drawn, seed },
    onProgress: (done, total) => onProgress('source photos', done, total),
  });
  onSources(found.sources.length, found.leftOut.length);
  await buildQualitySet(found.sources, { out: set, seed, workers, onProgress });
  await writeFile(join(folder, COMMIT_FILE), await commitOfRecord());
  return set;
}
