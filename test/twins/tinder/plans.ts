import { between, pick, seededRandom, seedOf } from '@swipenet/shared/random.ts';

/** What can lie over the deck. */
export const DIALOGS = [
  'match',
  'match-bare',
  'upsell',
  'add-to-home',
  'location',
  'notifications',
  'out-of-likes',
  'unknown',
] as const;

/** See {@link DIALOGS}. */
export type DialogKind = (typeof DIALOGS)[number];

/** What is special about one profile; nothing by default. Times in milliseconds. */
export interface TwinPlan {
  /** So long after its card is on top its first photo is there. */
  readonly loadDelayMs?: number;
  /** This photo of its never comes, by its position (counted around); `all`: none does. */
  readonly neverShown?: number | 'all';
  /** So long after a tab was turned to its photo is there; instead of the page's own. */
  readonly lazyDelayMs?: number;
  /** So long after it came on top its card is made of new nodes. */
  readonly rerenderAfterMs?: number;
  /** Opens when the card comes on top. */
  readonly before?: DialogKind;
  /** Opens after its like: a match at once with the call's answer, the upsell with the swipe. */
  readonly afterLike?: 'match' | 'match-bare' | 'upsell';
  /** The first like opens "out of likes" instead, and the card stays. */
  readonly outOfLikes?: true;
  /** So late is the answer to its like or pass. */
  readonly callDelayMs?: number;
  /** So many of its calls fail, with this status; 0: the page gets no answer. */
  readonly callFails?: { readonly times: number; readonly status: 0 | 429 | 500 };
}

/** How often, from 0 to 1 of all profiles, something is special; and how long the waits are at most. */
export interface PlanRates {
  readonly lateLoad?: number;
  readonly lateLazy?: number;
  readonly rerender?: number;
  /** Each kind of dialog that opens before a profile. */
  readonly before?: Partial<Record<DialogKind, number>>;
  readonly match?: number;
  readonly upsell?: number;
  readonly outOfLikes?: number;
  readonly callFails?: number;
  readonly callLate?: number;
  /** The longest of these waits, in milliseconds. */
  readonly mostMs?: number;
}

/** Plans that are the same for the same seed. */
export function seededPlans(seed: number, rates: PlanRates): (index: number) => TwinPlan {
  const mostMs = rates.mostMs ?? 300;
  return (index) => {
    const random = seededRandom(seedOf(seed, index, 6));
    const happens = (rate = 0) => random() < rate;
    const wait = () => Math.round(between(random, 20, mostMs));
    const loadDelayMs = happens(rates.lateLoad) ? wait() : undefined;
    const lazyDelayMs = happens(rates.lateLazy) ? wait() : undefined;
    const rerenderAfterMs = happens(rates.rerender) ? wait() : undefined;
    const before = DIALOGS.find((kind) => happens(rates.before?.[kind]));
    const afterLike = happens(rates.match) ? 'match' : happens(rates.upsell) ? 'upsell' : undefined;
    const outOfLikes = happens(rates.outOfLikes);
    const callFails = happens(rates.callFails) ? { times: 1, status: pick(random, [0, 429, 500] as const) } : undefined;
    const callDelayMs = happens(rates.callLate) ? wait() : undefined;
    return {
      ...(callDelayMs && { callDelayMs }),
      ...(loadDelayMs && { loadDelayMs }),
      ...(lazyDelayMs && { lazyDelayMs }),
      ...(rerenderAfterMs && { rerenderAfterMs }),
      ...(before && { before }),
      ...(afterLike && { afterLike }),
      ...(outOfLikes && { outOfLikes }),
      ...(callFails && { callFails }),
    };
  };
}
