import { type PhotoDrops, type PhotoPair, pairKey, type TwoPhotos } from '@swipenet/shared/contract/studio/photos.ts';

/** What can be done with a pair of photos that look alike. */
export const PAIR_CHOICES = ['left', 'both', 'right'] as const;

/** What is dropped of a pair: its left photo, none because both are kept, or its right photo. */
export type PairChoice = (typeof PAIR_CHOICES)[number];

type Sides = Pick<PhotoPair, 'left' | 'right'>;

/** What a person has chosen so far: the dropped photos, and the pairs that are kept, by {@link pairKey}. */
export interface Chosen {
  readonly dropped: ReadonlySet<number>;
  readonly keptPairs: ReadonlySet<string>;
}

const photosOf = ({ left, right }: Sides): TwoPhotos => (left < right ? [left, right] : [right, left]);

/**
 * Returns what was chosen for a pair. It is undefined if nobody judged the pair, or if both photos are dropped, which only
 * other pairs of the same photos can cause.
 */
export function choiceOf(pair: Sides, { dropped, keptPairs }: Chosen): PairChoice | undefined {
  const { left, right } = pair;
  if (dropped.has(left)) return dropped.has(right) ? undefined : 'left';
  if (dropped.has(right)) return 'right';
  return keptPairs.has(pairKey(photosOf(pair))) ? 'both' : undefined;
}

/** Returns whether nothing is left to decide about a pair. A photo dropped for the sake of another pair settles this one, too. */
export const isJudged = (pair: Sides, chosen: Chosen): boolean =>
  choiceOf(pair, chosen) !== undefined || chosen.dropped.has(pair.left);

/** Returns what a choice means: one dropped photo is dropped, every other one is kept, and only one choice keeps the pair. */
export function dropsOf(pair: Sides, choice: PairChoice): PhotoDrops {
  const { left, right } = pair;
  if (choice === 'both') return { drop: [], keep: [left, right], keepPairs: [photosOf(pair)], reopenPairs: [] };
  const [drop, keep] = choice === 'left' ? [left, right] : [right, left];
  return { drop: [drop], keep: [keep], keepPairs: [], reopenPairs: [photosOf(pair)] };
}

const KEYS: Readonly<Record<string, PairChoice>> = { s: 'left', k: 'both', d: 'right' };

/** Returns the choice that a key makes: S lies left of D, and K keeps both. */
export const choiceByKey = (key: string): PairChoice | undefined => KEYS[key.toLowerCase()];

/** The key that shows the next pair that isn't judged. */
export const OPEN_KEY = 'J';

/** Returns the place to go to from another one: the next of `open`, which are ascending, or the first after the last. */
export const openAfter = (open: readonly number[], place: number): number | undefined =>
  open.find((other) => other > place) ?? open[0];

/** Returns the place among `count` pairs that a key moves to, or undefined if it isn't such a key. */
export function pairAfter(key: string, place: number, count: number): number | undefined {
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ...{ Home: 0, End: count - 1 },
  };
  const next = places[key];
  return next === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, next));
}
