import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';

/** A photo as far as it matters for who is held out with whom. */
export interface FoldedPhoto {
  readonly label: Label;
  /** Photos of a profile are alike: they are held out together. */
  readonly profile: number;
}

/** Folds of photos. */
export interface Folds {
  /** How many; below 2 where a label has too few profiles. */
  readonly folds: number;
  /** `[n]`: which fold each photo is held out in. */
  readonly foldOf: Int32Array;
}

/** The most folds of a cross-validation. */
const MOST_FOLDS = 5;

/**
 * Which fold each photo is held out in: photos of a profile in one, and each label spread evenly. There are five, or as
 * many as the label with fewer profiles has; so with two profiles a label or more, what is left of a label in any fold's
 * complement is never nothing.
 */
export function foldsOf(photos: readonly FoldedPhoto[], seed: number): Folds {
  const counts = LABELS.map((label) => countProfiles(photos, label));
  const folds = Math.min(MOST_FOLDS, ...counts.map(({ size }) => size));
  const places = new Map<number, number>();
  for (const [index, profiles] of counts.entries()) {
    // The largest first, each to the fold that has the fewest photos of its label so far.
    const order = shuffled(seededRandom(seedOf(seed, index)), [...profiles]).toSorted(([, a], [, b]) => b - a);
    const filled = new Array<number>(Math.max(1, folds)).fill(0);
    for (const [profile, photoCount] of order) {
      const fold = filled.indexOf(Math.min(...filled));
      filled[fold]! += photoCount;
      places.set(profile, fold);
    }
  }
  return { folds, foldOf: Int32Array.from(photos, ({ profile }) => places.get(profile)!) };
}

function countProfiles(photos: readonly FoldedPhoto[], wanted: Label): Map<number, number> {
  const profiles = new Map<number, number>();
  for (const { label, profile } of photos) {
    if (label === wanted) profiles.set(profile, (profiles.get(profile) ?? 0) + 1);
  }
  return profiles;
}
