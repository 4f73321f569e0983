import type { PhotoDrops, PhotoPair } from '@swipenet/shared/contract/studio/photos.ts';

/** What can be done with a pair of photos that look alike. */
export const PAIR_CHOICES = ['left', 'both', 'right'] as const;

/** What is dropped of a pair: its left photo, none because both are kept, or its right photo. */
export type PairChoice = (typeof PAIR_CHOICES)[number];

type Sides = Pick<PhotoPair, 'left' | 'right'>;

/** Returns what is dropped of a pair, or undefined if all of it is, which only other pairs of the same photos can cause. */
export function choiceOf({ left, right }: Sides, dropped: ReadonlySet<number>): PairChoice | undefined {
  if (dropped.has(left)) return dropped.has(right) ? undefined : 'left';
  return dropped.has(right) ? 'right' : 'both';
}

/** Returns what a choice means for both photos: one dropped photo is dropped, and every other one is kept. */
export function dropsOf({ left, right }: Sides, choice: PairChoice): PhotoDrops {
  if (choice === 'both') return { drop: [], keep: [left, right] };
  return choice === 'left' ? { drop: [left], keep: [right] } : { drop: [right], keep: [left] };
}

const KEYS: Readonly<Record<string, PairChoice>> = { s: 'left', k: 'both', d: 'right' };

/** Returns the choice that a key makes: S lies left of D, and K keeps both. */
export const choiceByKey = (key: string): PairChoice | undefined => KEYS[key.toLowerCase()];

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
