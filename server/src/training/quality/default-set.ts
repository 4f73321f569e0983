import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../child/run-program.ts';
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
  await writeFile(join(folder, COMMIT_FILE), await commitOfRecord());
  return set;
}

/** The commit that the command runs from, with `-changed` behind it if the files are not the commit's. */
async function commitOfRecord(): Promise<string> {
  const git = async (...words: string[]) => {
    const end = await runProgram('git', ['-C', import.meta.dirname, ...words]);
    if (end?.code !== 0) throw new Error(`git ${words[0]} failed: ${end?.stderr ?? 'git is not installed'}`);
    return end.stdout.trim();
  };
  return `${await git('rev-parse', 'HEAD')}${(await git('status', '--porcelain')) === '' ? '' : '-changed'}`;
}
