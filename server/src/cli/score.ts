import { readFile } from 'node:fs/promises';
import { DEFAULT_THRESHOLD, labelOf } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { decide } from '@swipenet/shared/decision.ts';
import pLimit from 'p-limit';
import { cores, modelFolders, readSettings, type SettingName } from '../config.ts';
import { findProfiles } from '../image/photo-files.ts';
import { systemClock } from '../inference/clock.ts';
import { openScorer } from '../inference/open-scorer.ts';
import type { ScoredPhoto, Scorer } from '../inference/scorer.ts';
import { loadModel } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';
import { profileLines, type ScoredFile, type ScoredProfile } from './score-lines.ts';

const SETTINGS = ['model', 'threshold', 'device', 'home'] as const satisfies SettingName[];

/** Photos read and on their way at once: enough to keep every core busy, and no more in memory. */
const PHOTOS_AHEAD = 8 * cores;

/** `swipenet score PATH…`: the article's single run, for folders on disk. */
export const scoreCommand = commandWith(
  'score',
  'score photos: each folder is a profile, loose files are one',
  SETTINGS,
)
  .argument('<path...>', 'folders and photos')
  .option('--json', 'print JSON and nothing else')
  .action(async (paths: string[], { json, ...flags }: Record<string, unknown>) => {
    const { home, model: modelId, device, ...given } = readSettings(SETTINGS, flags);
    const { profiles, skipped } = await findProfiles(paths);
    const model = await loadModel(modelFolders(home), modelId);
    const threshold = given.threshold ?? model.manifest.threshold ?? DEFAULT_THRESHOLD;
    const open = await openScorer({ model, choice: device, cores, clock: systemClock });
    const reading = pLimit(PHOTOS_AHEAD);
    try {
      const scoring = profiles.map(async ({ path, photos }): Promise<ScoredProfile> => {
        const files = await Promise.all(photos.map((photo) => reading(() => scoreFile(open.scorer, photo, threshold))));
        const likes = files.map((file) => ('error' in file ? null : file.like));
        return { path, photos: files, decision: decide({ likes, photoCount: photos.length, threshold }) };
      });
      const all = Promise.all(scoring);
      if (!json) for (const profile of scoring) console.log(`${profileLines(await profile, threshold)}\n`);
      if (json) console.log(JSON.stringify({ profiles: await all, model: modelId, threshold }, null, 2));
      const count = profiles.reduce((sum, { photos }) => sum + photos.length, 0);
      console.error(
        `${counted(count, 'photo')} in ${counted(profiles.length, 'profile')}; model ${modelId} on ${open.opened.device}` +
          ` (${open.opened.reason})${skipped > 0 ? `; ${counted(skipped, 'file')} skipped, no photos by their name` : ''}`,
      );
    } finally {
      await open.close();
    }
  });

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

async function scoreFile(scorer: Scorer, path: string, threshold: number): Promise<ScoredFile> {
  const photo = await scorePath(scorer, path);
  if (!('error' in photo)) return { path, like: photo.like, label: labelOf(photo.like, threshold) };
  return { path, error: { code: photo.error.code, message: photo.error.message } };
}

async function scorePath(scorer: Scorer, path: string): Promise<ScoredPhoto> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    return { error: new SwipenetError('photo_unreadable', 'the file cannot be read', { cause }) };
  }
  const [photo] = await scorer.score([bytes], { priority: 'now', signal: new AbortController().signal });
  return photo!;
}
