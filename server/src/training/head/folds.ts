import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';

/** What the folds depend on. */
export interface FoldedPhoto {
  readonly label: Label;
  /** Photos of the same profile are similar, so they are held out together. */
  readonly profile: number;
}

/** The assignment of photos to folds. */
export interface Folds {
  /** The number of folds. It is below 2 if a label has too few profiles. */
  readonly folds: number;
  /** `[n]`: the fold in which each photo is held out. */
  readonly foldOf: Int32Array;
}

/** The maximum number of folds. */
const MOST_FOLDS = 5;

/**
 * Assigns photos to folds. The photos of a profile share a fold, and each label is spread evenly. There are five folds,
 * or as many as the rarer label has profiles. If each label has at least two profiles, every fold therefore leaves
 * photos of both labels to train on.
 */
export function foldsOf(photos: readonly FoldedPhoto[], seed: number): Folds {
  const counts = LABELS.map((label) => countProfiles(photos, label));
  const folds = Math.min(MOST_FOLDS, ...counts.map(({ size }) => size));
  const places = new Map<number, number>();
  for (const [index, profiles] of counts.entries()) {
    // Assigns the largest profiles first, each to the fold with the fewest photos of its label so far.
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

/**
 * Assigns photos to five folds by the order of their profiles: the first profile of each label to the first fold, and so
 * on. Profiles that come later move none of the earlier ones, so the losses of two training sets can be compared, one of
 * which is the other's beginning. With folds drawn anew, luck would decide.
 */
export function foldsInOrder(photos: readonly FoldedPhoto[]): Folds {
  const places = new Map<number, number>();
  for (const label of LABELS) {
    for (const [at, profile] of [...countProfiles(photos, label).keys()].entries())
      places.set(profile, at % MOST_FOLDS);
  }
  return { folds: MOST_FOLDS, foldOf: Int32Array.from(photos, ({ profile }) => places.get(profile)!) };
}

function countProfiles(photos: readonly FoldedPhoto[], wanted: Label): Map<number, number> {
  const profiles = new Map<number, number>();
  for (const { label, profile } of photos) {
    if (label === wanted) profiles.set(profile, (profiles.get(profile) ?? 0) + 1);
  }
  return profiles;
}
