import { between, pick, type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { PlanRates } from '../twins/tinder/plans.ts';
import type { ProfileRates } from '../twins/tinder/profiles.ts';
import type { TwinMoment } from '../twins/tinder/world.ts';

/** Everything that is done to a run from outside of the page. */
export const FAULTS = [
  'worker-death',
  'person-tab',
  'person-space',
  'person-open',
  'person-click-swipe',
  'person-key-swipe',
  'control-show',
  'control-off',
  'reload',
  'scorer-down',
  'rerender',
  'unknown-dialog',
  'upsell',
  'location',
  'consent-layer',
  'challenge',
] as const;

/** See {@link FAULTS}. */
export type FaultKind = (typeof FAULTS)[number];

/** When something can be done: a profile's moment at the twin, or its photos' arrival at the scorer. */
export type Moment = TwinMoment['what'] | 'score';

/** One thing that is done, so long after a moment of its profile. */
export interface Fault {
  readonly what: FaultKind;
  readonly on: Moment;
  readonly afterMs: number;
}

/** How much happens. */
export interface Chaos {
  /** Of each fault, from 0 to 1 of all profiles. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly plans: PlanRates;
  readonly profiles: Partial<ProfileRates>;
  /** Of the score requests, how many are refused. */
  readonly busy: number;
}

/** Lively, and fast enough for ten thousand profiles. */
export const USUAL_CHAOS: Chaos = {
  faults: {
    'worker-death': 0.02,
    'person-tab': 0.008,
    'person-space': 0.006,
    'person-open': 0.008,
    'person-click-swipe': 0.008,
    'person-key-swipe': 0.008,
    'control-show': 0.006,
    'control-off': 0.006,
    reload: 0.003,
    'scorer-down': 0.003,
    rerender: 0.03,
    'unknown-dialog': 0.005,
    upsell: 0.004,
    location: 0.004,
    'consent-layer': 0.003,
    challenge: 0.003,
  },
  plans: {
    lateLoad: 0.06,
    lateLazy: 0.06,
    rerender: 0.06,
    before: { match: 0.005, 'add-to-home': 0.01, location: 0.003, notifications: 0.002, unknown: 0.004, upsell: 0.002 },
    match: 0.03,
    upsell: 0.01,
    outOfLikes: 0.003,
    callFails: 0.01,
    callLate: 0.15,
    mostMs: 120,
  },
  profiles: { slow: 0.004, flaky: 0.006, dead: 0.004, photos: 'few' },
  busy: 0.004,
};

/** The same, thicker: everything happens in a few hundred profiles. */
export const THICK_CHAOS: Chaos = {
  ...USUAL_CHAOS,
  faults: Object.fromEntries(FAULTS.map((kind) => [kind, 0.025])),
  busy: 0.01,
};

/** Nothing happens. */
export const CALM: Chaos = { faults: {}, plans: {}, profiles: { video: 0.05, namesake: 0.05 }, busy: 0 };

const MOMENTS = ['top', 'photo', 'score', 'call', 'answer'] as const;

/** What is done at a profile: the same for the same seed. */
export function faultsOf(seed: number, index: number, { faults }: Chaos): Fault[] {
  const random = seededRandom(seedOf(seed, index, 20));
  return FAULTS.flatMap((what) => {
    const happens = random() < (faults[what] ?? 0);
    const on = pick(random, MOMENTS);
    const afterMs = random() < 0.4 ? 0 : Math.round(between(random, 0, 60));
    return happens ? [{ what, on, afterMs }] : [];
  });
}

/** One load of the page: its path, and how the page behaves. */
export interface PageLoad {
  readonly path: string;
  /** The page's people come by a way that nobody observes. */
  readonly hidden: boolean;
  /** So many profiles are judged before the next load. */
  readonly profiles: number;
}

/** The loads of a run: recs and explore, languages, ways of rendering, the same for the same seed. */
export function pageLoad(seed: number, number: number, most: number): PageLoad {
  const random = seededRandom(seedOf(seed, number, 21));
  const chance = (rate: number) => random() < rate;
  const hidden = chance(0.25);
  const query = {
    recs: hidden ? 'hidden' : 'api',
    lang: chance(0.25) ? 'pt' : 'en',
    keepPhotos: chance(0.3),
    gapMs: chance(0.3) ? 25 : 0,
    soloTab: chance(0.7),
    onCallFailure: chance(0.7) ? 'return' : 'ignore',
    lazyDelayMs: Math.round(between(random, 2, 20)),
    animationMs: 10,
    lingerMs: pick(random, [10, 40, 150]),
    show: pickShow(random),
  };
  const path = chance(0.3) ? '/app/explore/night-owls' : '/app/recs';
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return { path: `${path}?${new URLSearchParams(texts)}`, hidden, profiles: most };
}

const pickShow = (random: Random) => pick(random, ['', '', '', 'profile', 'boost', 'match']);
