import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildQualitySet } from './build-quality-set.ts';
import { qualitySources } from './sources.ts';

/** Beside the set: the commit that made it. */
export const COMMIT_FILE = 'commit';

/** How the embedded model's set is made. */
export interface DefaultSetOptions {
  /** Folders of photos; each folder in them is a group of its own. */
  readonly photos: readonly string[];
  /** Pictures that are drawn and learned from too. */
  readonly drawn: number;
  readonly seed: number;
  readonly workers: number;
  readonly onProgress: (work: string, done: number, total: number) => void;
  /** Told how many photos were found before anything is made of them. */
  readonly onSources: (photos: number, leftOut: number) => void;
}

/**
 * Makes the set that the embedded model learns from, in `set` of a folder, unless it is there already. The commit that
 * made it goes beside it. Throws what {@link qualitySources} and {@link buildQualitySet} throw.
 *
 * @returns the set's folder.
 */
export async function makeDefaultSet(folder: string, options: DefaultSetOptions): Promise<string> {
  const { photos, drawn, seed, workers, onProgress, onSources } = options;
  const set = join(folder, 'set');
  if (existsSync(set)) return set;
  const found = await qualitySources(photos, {
    ...{ drawn, seed },
    onProgress: (done, total) => onProgress('looking at photos', done, total),
  });
  onSources(found.sources.length, found.leftOut.length);
  await buildQualitySet(found.sources, { out: set, seed, workers, onProgress });
  await writeFile(join(folder, COMMIT_FILE), commitOfRecord());
  return set;
}

/** The commit that the command runs from, with `-changed` behind it if the files are not the commit's. */
function commitOfRecord(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '-changed'}`;
}
