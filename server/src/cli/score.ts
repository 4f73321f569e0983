import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { cores, readSettings, type SettingName } from '../config.ts';
import { findProfiles } from '../image/photo-files.ts';
import { systemClock } from '../inference/clock.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { type ScoredProfile, scoreProfiles } from '../inference/score-profiles.ts';
import { chosenModel } from './chosen-model.ts';
import { commandWith } from './command.ts';
import { profileLines, summaryLine } from './score-lines.ts';

const SETTINGS = ['model', 'threshold', 'device', 'home'] as const satisfies SettingName[];

/** Photos in memory at once: enough to keep every core busy. */
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
    const { home, model: named, device, ...given } = readSettings(SETTINGS, flags);
    const { profiles, skipped } = await findProfiles(paths);
    const model = await chosenModel(home, named);
    const threshold = given.threshold ?? model.manifest.threshold ?? DEFAULT_THRESHOLD;
    const open = await openScorer({ model, choice: device, cores, clock: systemClock });
    try {
      const scored: ScoredProfile[] = [];
      for await (const profile of scoreProfiles(open.scorer, profiles, { threshold, photosAhead: PHOTOS_AHEAD })) {
        if (json) scored.push(profile);
        else console.log(`${profileLines(profile, threshold)}\n`);
      }
      if (json) console.log(JSON.stringify({ profiles: scored, model: model.manifest.id, threshold }, null, 2));
      console.error(summaryLine(profiles, skipped.length, model.manifest.id, open.opened));
    } finally {
      await open.close();
    }
  });
