import { basename } from 'node:path';
import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { Decision } from '@swipenet/shared/decision.ts';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { findProfiles, type ProfileFiles } from '../image/photo-files.ts';
import type { OpenEngines } from '../inference/open-engines.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { type ScoredFile, type ScoredProfile, scoreProfiles } from '../inference/score-profiles.ts';
import { chosenModel } from '../registry/active-model.ts';
import { thresholdOf } from '../registry/manifest.ts';
import { defineCommand } from './command.ts';
import { counted, formFields, formWords } from './format.ts';

/** How many photos to hold in memory: enough to keep every core busy. */
const PHOTOS_AHEAD = 8 * cores;

/** `swipenet score PATH…`: the article's single run, for photos on disk. */
export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'score photos; each folder is one profile, and loose files form one together',
  operand: { syntax: '<path...>', help: 'folders or photos' },
  settings: ['model', 'precision', 'threshold', 'device', 'home'],
  run: async ({ settings, operands: paths, json, show }) => {
    const { profiles, skipped } = await findProfiles(paths);
    const modelOn = await chosenModel(settings, settings.model);
    const open = await openScorer({ modelOn, choice: settings.device, cores, clock: systemClock });
    const threshold = thresholdOf(open.model.manifest, settings.threshold);
    const scored: ScoredProfile[] = [];
    try {
      for await (const profile of scoreProfiles(open.scorer, profiles, { threshold, photosAhead: PHOTOS_AHEAD })) {
        if (json) scored.push(profile);
        else show(`${profileLines(profile, threshold)}\n`);
      }
      console.error(summaryLine(profiles, skipped.length, open.opened));
    } finally {
      await open.close();
    }
    return { profiles: scored, ...formFields(open.opened.form), threshold };
  },
  print: () => '', // every profile was printed as it was scored
});

/**
 * Formats a profile for people: one line per photo with its label and LIKE confidence, then the decision and its
 * reason.
 */
function profileLines({ path, photos, decision }: ScoredProfile, threshold: number): string {
  const width = Math.max(...photos.map((photo) => basename(photo.path).length));
  const lines = photos.map((photo) => {
    const name = basename(photo.path).padEnd(width);
    if ('error' in photo) return `  ${name}  ----  ${photo.error.message}`;
    return `  ${name}  ${photo.label}  ${formatPercent(photo.like).padStart(8)}`;
  });
  return [path, ...lines, `  → ${decision.swipe}: ${reasonOf(decision, photos, threshold)}`].join('\n');
}

function reasonOf(decision: Decision, photos: readonly ScoredFile[], threshold: number): string {
  switch (decision.reason) {
    case 'like_found': {
      const photo = photos[decision.photo]!;
      const like = 'like' in photo ? formatPercent(photo.like) : '';
      return `${basename(photo.path)} is a LIKE: ${like} is at or above ${formatPercent(threshold)}`;
    }
    case 'all_nope':
      return `every photo is below ${formatPercent(threshold)}`;
    case 'photos_failed':
      return 'a photo couldn’t be read, and no other photo is a LIKE';
    case 'photos_missing':
      return 'some photos are missing, and no other photo is a LIKE';
    case 'no_photo':
      return 'the profile has no photos';
  }
}

/** Formats what was scored, which model and device scored it, and how many files were skipped. */
export function summaryLine(
  profiles: readonly ProfileFiles[],
  skipped: number,
  { form, device, reason }: Pick<OpenEngines, 'form' | 'device' | 'reason'>,
): string {
  const photoCount = profiles.reduce((sum, { photos }) => sum + photos.length, 0);
  const scored = `${counted(photoCount, 'photo')} in ${counted(profiles.length, 'profile')}`;
  const left = skipped > 0 ? `; ${counted(skipped, 'file')} skipped (no photo extension)` : '';
  return `${scored}; model ${formWords(form)} on ${device} (${reason})${left}`;
}
