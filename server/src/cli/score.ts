import { basename } from 'node:path';
import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { Decided, DecisionRule } from '@swipenet/shared/decision.ts';
import type { EvidenceMap } from '@swipenet/shared/heat-map.ts';
import { printable } from '@swipenet/shared/printable.ts';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { HeatMapFolder } from '../image/drawings/heat-map-folder.ts';
import { findProfiles, type ProfileFiles } from '../image/files/photo-files.ts';
import type { OpenEngines } from '../inference/open-engines.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { type ScoredFile, type ScoredProfile, scoreProfiles } from '../inference/score-profiles.ts';
import { chosenModel } from '../registry/active-model.ts';
import { ruleOf } from '../registry/manifest.ts';
import { defineCommand } from './command.ts';
import { counted, formFields, formWords } from './format.ts';
import { leftOutLines } from './left-out.ts';
import { textFlag } from './option-schemas.ts';
import { printError } from './terminal.ts';

/** How many photos to hold in memory: enough to keep every core busy. */
const PHOTOS_AHEAD = 8 * cores;

/** `swipenet score PATH…`: the article's single run, for photos on disk. */
export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'score photos; each folder is one profile, and loose files form one together',
  operand: { syntax: '<path...>', help: 'folders or photos' },
  settings: ['model', 'precision', 'threshold', 'device', 'home'],
  options: {
    heatmap: {
      flag: '--heatmap <folder>',
      help: 'draw where in each photo the evidence is, as PNGs in a new folder',
      schema: textFlag.optional(),
    },
  },
  run: async ({ settings, options, operands: paths, json, show }) => {
    const { profiles, leftOut } = await findProfiles(paths);
    const modelOn = await chosenModel(settings, settings.model);
    const folder = options.heatmap === undefined ? undefined : await HeatMapFolder.open(options.heatmap);
    const open = await openScorer({ modelOn, choice: settings.device, cores, clock: systemClock });
    const { manifest } = open.model;
    const rule = ruleOf(manifest, settings.threshold);
    const scored: MappedProfile[] = [];
    const evidence = new Map<string, EvidenceMap>();
    const onEvidence = folder && ((path: string, map: EvidenceMap) => evidence.set(path, map));
    try {
      for await (const plain of scoreProfiles(open.scorer, profiles, { rule, photosAhead: PHOTOS_AHEAD, onEvidence })) {
        const heatPhotos = plain.photos.map(({ path }) => ({ path, evidence: evidence.get(path) }));
        const names = await folder?.add(plain.path, heatPhotos, manifest.preprocessing.resize);
        const profile = names ? withHeatMaps(plain, names) : plain;
        if (json) scored.push(profile);
        else show(`${profileLines(profile, rule)}\n`);
      }
      if (leftOut.length > 0) printError(leftOutLines(leftOut));
      printError(summaryLine(profiles, open.opened));
    } finally {
      await open.close();
    }
    return { profiles: scored, leftOut, ...formFields(open.opened.form), threshold: rule.threshold, rule };
  },
  print: () => '', // every profile was printed as it was scored
});

/** A profile whose photos may have a heat map, named by its file, or null if it couldn't be drawn. */
interface MappedProfile extends ScoredProfile {
  readonly photos: readonly (ScoredFile & { readonly heatmap?: string | null })[];
}

function withHeatMaps(profile: ScoredProfile, names: readonly (string | undefined)[]): MappedProfile {
  const photos = profile.photos.map((photo, at) =>
    'error' in photo ? photo : { ...photo, heatmap: names[at] ?? null },
  );
  return { ...profile, photos };
}

/**
 * Formats a profile for people: one line per photo with its label, LIKE confidence and heat map, then the decision and its
 * reason.
 */
function profileLines({ path, photos, decision }: MappedProfile, rule: DecisionRule): string {
  const width = photos.reduce((widest, photo) => Math.max(widest, nameOf(photo).length), 0);
  const lines = photos.map((photo) => {
    const name = nameOf(photo).padEnd(width);
    if ('error' in photo) return `  ${name}  ----  ${photo.error.message}`;
    const map = photo.heatmap === undefined ? '' : `  ${photo.heatmap ?? 'can’t be drawn in color'}`;
    return `  ${name}  ${photo.label}  ${formatPercent(photo.like).padStart(8)}${map}`;
  });
  return [printable(path), ...lines, `  → ${decision.swipe}: ${reasonOf(decision, photos, rule)}`].join('\n');
}

/** Formats why a profile is decided like this. Under the rule `profile`, that includes the profile's probability. */
export function reasonOf(decision: Decided, photos: readonly ScoredFile[], { rule, threshold }: DecisionRule): string {
  const from = formatPercent(threshold);
  const none = rule === 'any' ? ', and no other photo is a LIKE' : '';
  switch (decision.reason) {
    case 'like_found': {
      const { name, like } = namedPhoto(photos[decision.photo]!);
      return `${name} is a LIKE: ${like} is at or above ${from}`;
    }
    case 'all_nope':
      return `every photo is below ${from}`;
    case 'profile_liked':
    case 'profile_not_liked': {
      const { name, like } = namedPhoto(photos[decision.photo]!);
      const compared = decision.reason === 'profile_liked' ? `at or above ${from}` : `below ${from}`;
      if (photos.length === 1) return `the only photo is ${like}, ${compared}`;
      return `together ${formatPercent(decision.like)}, ${compared}; the surest photo is ${name} with ${like}`;
    }
    case 'photos_failed':
      return `a photo couldn’t be read${none}`;
    case 'photos_missing':
      return `some photos are missing${none}`;
    case 'no_photo':
      return 'the profile has no photos';
  }
}

const nameOf = ({ path }: ScoredFile) => printable(basename(path));

const namedPhoto = (photo: ScoredFile) => ({
  name: nameOf(photo),
  like: 'like' in photo ? formatPercent(photo.like) : '',
});

/** Formats what was scored, and which model and device scored it. */
export function summaryLine(
  profiles: readonly ProfileFiles[],
  { form, device, reason }: Pick<OpenEngines, 'form' | 'device' | 'reason'>,
): string {
  const photoCount = profiles.reduce((sum, { photos }) => sum + photos.length, 0);
  const scored = `${counted(photoCount, 'photo')} in ${counted(profiles.length, 'profile')}`;
  return `${scored}; model ${formWords(form)} on ${device} (${reason})`;
}
