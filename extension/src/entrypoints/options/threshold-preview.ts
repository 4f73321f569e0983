import { type DecisionRule, decide, withThreshold } from '@swipenet/shared/decision.ts';
import type { HistoryEntry } from '../../storage/history.ts';
import { movedProbability } from '../../words/blend.ts';

/** A profile whose decision can be made again at any threshold. */
export interface JudgeableProfile {
  /** The LIKE confidence (0 to 1) of each photo, or null if it has none. Videos are left out. */
  readonly likes: readonly (number | null)[];
  /** If the words of the bio joined: the probability with them, at which threshold, and what moves it. */
  readonly words: Parameters<typeof movedProbability>[0] | undefined;
}

/** What would be decided about profiles at a threshold. */
export interface ThresholdPreview {
  readonly profiles: number;
  readonly right: number;
  /** Left to the person, because a photo has no confidence. */
  readonly held: number;
}

/**
 * Returns the profiles of a history that a model's threshold decides about. Entries of other models don't tell anything,
 * and neither do those that a rule decided, whatever the threshold. A profile that was shown again counts once.
 *
 * @param entries newest first.
 * @param forms the IDs under which the model scores.
 */
export function judgeableProfiles(
  entries: readonly HistoryEntry[],
  forms: readonly string[],
  most: number,
): JudgeableProfile[] {
  const known = new Set<string>();
  return entries
    .flatMap((entry) => {
      const { verdict, ruling, profile, site } = entry;
      if (!verdict || ruling || !forms.includes(verdict.model)) return [];
      const judgeable = judgeableProfile(verdict);
      const person = `${site} ${profile}`;
      if (!judgeable || (profile !== undefined && known.has(person))) return [];
      known.add(person);
      return [judgeable];
    })
    .slice(0, most);
}

function judgeableProfile({
  photos,
  decision,
  threshold: from,
  words,
}: NonNullable<HistoryEntry['verdict']>): JudgeableProfile | undefined {
  const likes = photos.flatMap((photo) => ('like' in photo ? photo.like : photo.missing === 'video' ? [] : [null]));
  if (!likes.some((like) => like !== null)) return undefined;
  if (!words) return { likes, words: undefined };
  const { like: joined } = decision;
  const { photosWeight } = words; // earlier versions didn't store it
  if (typeof joined !== 'number' || photosWeight === undefined) return undefined;
  return { likes, words: { joined, from, photosWeight } };
}

/** Decides profiles again: by their photos as the server would, or with the words as they joined back then. */
export function previewThreshold(
  profiles: readonly JudgeableProfile[],
  rule: DecisionRule,
  threshold: number,
): ThresholdPreview {
  const swipes = profiles.map(({ likes, words }) => {
    if (words) return movedProbability(words, threshold) >= threshold ? 'right' : 'left';
    return decide({ likes, photoCount: likes.length, rule: withThreshold(rule, threshold) }).swipe;
  });
  const count = (wanted: string) => swipes.filter((swipe) => swipe === wanted).length;
  return { profiles: profiles.length, right: count('right'), held: count('hold') };
}
