import { between, pick, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { Fate } from '../../support/fake-swipe-server.ts';
import type { Chaos } from '../chaos.ts';
import { USUAL_CHAOS } from '../chaos.ts';

/** What the person does with a card before they swipe it. */
export type Glance = 'tab' | 'space' | 'open' | 'boost' | 'rewind-offer';

/** What the person does with a profile. The same for the same seed, whatever happens around it. */
export interface Habit {
  readonly glances: readonly Glance[];
  readonly swipe: 'like' | 'nope' | 'super-like';
  readonly by: 'click' | 'key';
  /** How many swipes the person takes back afterwards, and how. */
  readonly rewinds: number;
  readonly rewindBy: 'click' | 'key';
  /** How long the person looks at the card before, between two glances, and before a rewind, in milliseconds. */
  readonly lookMs: number;
  readonly glanceMs: number;
  readonly rewindMs: number;
}

/** How much happens to a run in Learn, besides what the person does. */
export interface LearnChaos extends Chaos {
  /** Of the requests with swipes, how many share each fate. */
  readonly fates: Readonly<Partial<Record<Exclude<Fate, 'answered'>, number>>>;
}

/** As usual, and the server loses requests and answers, too. */
export const USUAL_LEARN_CHAOS: LearnChaos = {
  ...USUAL_CHAOS,
  fates: { undelivered: 0.01, 'answer lost': 0.02, busy: 0.01 },
};

/** Paid buttons and looking around. Nobody needs more than two of them. */
const GLANCES = ['tab', 'space', 'open', 'boost', 'rewind-offer'] as const satisfies readonly Glance[];

/**
 * Returns what the person does with a profile that is on top for the `visit`th time, from 0. A third swipe is final, so
 * that a deck ends.
 */
export function habitOf(seed: number, step: number, visit: number): Habit {
  const random = seededRandom(seedOf(seed, step, visit, 30));
  const chance = (rate: number) => random() < rate;
  const glances = chance(0.15) ? [pick(random, GLANCES), ...(chance(0.2) ? [pick(random, GLANCES)] : [])] : [];
  return {
    glances,
    swipe: chance(0.05) ? 'super-like' : pick(random, ['like', 'nope'] as const),
    by: pick(random, ['click', 'key'] as const),
    rewinds: visit < 2 && chance(0.08) ? (chance(0.15) ? 2 : 1) : 0,
    rewindBy: pick(random, ['click', 'key'] as const),
    lookMs: paceOf(random),
    glanceMs: between(random, 10, 150),
    rewindMs: rewindPaceOf(random),
  };
}

/** How long a card is looked at, in milliseconds. */
const PACES: readonly [Pace, ...Pace[]] = [
  { from: 0, to: 20 },
  { from: 40, to: 250 },
  { from: 350, to: 700 },
];

interface Pace {
  readonly from: number;
  readonly to: number;
}

/** Some cards are swiped at a glance, before anything can be known about them. */
function paceOf(random: () => number): number {
  const { from, to } = pick(random, PACES);
  return between(random, from, to);
}

/** Some swipes are taken back before the site has answered, and a few only after Swipenet has told its verdict. */
function rewindPaceOf(random: () => number): number {
  const drawn = random();
  if (drawn < 0.1) return between(random, 2_600, 2_900);
  return drawn < 0.4 ? between(random, 0, 30) : between(random, 50, 400);
}

/** Returns the fate of each request in order. */
export function fatesOf(seed: number, { fates }: LearnChaos): () => Fate {
  const random = seededRandom(seedOf(seed, 31));
  return () => {
    const drawn = random();
    let below = 0;
    for (const [fate, rate] of Object.entries(fates)) {
      below += rate;
      if (drawn < below) return fate as Fate;
    }
    return 'answered';
  };
}
