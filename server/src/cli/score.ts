import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { readSettings, type SettingName } from '../config/settings.ts';
import { findProfiles } from '../image/photo-files.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { type ScoredProfile, scoreProfiles } from '../inference/score-profiles.ts';
import { chosenModel } from './chosen-model.ts';
import { commandWith } from './command.ts';
import { formFields } from './form-lines.ts';
import { profileLines, summaryLine } from './score-lines.ts';

const SETTINGS = ['model', 'precision', 'threshold', 'device', 'home'] as const satisfies SettingName[];

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
    const settings = readSettings(SETTINGS, flags);
    const { profiles, skipped } = await findProfiles(paths);
    const modelOn = await chosenModel(settings, settings.model);
    const open = await openScorer({ modelOn, choice: settings.device, cores, clock: systemClock });
    const threshold = settings.threshold ?? open.model.manifest.threshold ?? DEFAULT_THRESHOLD;
    try {
      const scored: ScoredProfile[] = [];
      for await (const profile of scoreProfiles(open.scorer, profiles, { threshold, photosAhead: PHOTOS_AHEAD })) {
        if (json) scored.push(profile);
        else console.log(`${profileLines(profile, threshold)}\n`);
      }
      if (json) console.log(JSON.stringify({ profiles: scored, ...formFields(open.opened.form), threshold }, null, 2));
      console.error(summaryLine(profiles, skipped.length, open.opened));
    } finally {
      await open.close();
    }
  });
