import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cores } from '../config/machine.ts';
import { buildQualitySet } from '../training/quality/build-quality-set.ts';
import { qualitySources } from '../training/quality/sources.ts';
import type { Progress } from './progress.ts';

/** The commit that the command runs from; `-changed` where the files are not the commit's. */
function commitOfRecord(): string {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '-changed'}`;
}

/**
 * The set that the embedded model learns from, `set` in a run's folder: made of the photos where it is not there yet,
 * with the commit that made it beside it. Throws what {@link qualitySources} and {@link buildQualitySet} throw.
 */
export async function openDefaultSet(
  folder: string,
  options: { photos: readonly string[]; drawn: number; seed: number; progress: Progress },
): Promise<void> {
  const { photos, drawn, seed, progress } = options;
  const set = join(folder, 'set');
  if (existsSync(set)) return;
  const found = await qualitySources(photos, {
    drawn,
    seed,
    onProgress: (done, total) => progress.update('looking at photos', done, total),
  });
  console.error(`${found.sources.length} photos, ${found.leftOut.length} left out`);
  await buildQualitySet(found.sources, {
    out: set,
    seed,
    workers: cores,
    onProgress: (phase, done, total) => progress.update(phase, done, total),
  });
  await writeFile(join(folder, 'commit'), commitOfRecord());
}
