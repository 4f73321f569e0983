import { pick, type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { TwinDeck } from '../twins/tinder/deck.ts';
import type { Drift } from '../twins/tinder/drift.ts';
import type { PageOptions } from '../twins/tinder/page-options.ts';
import { type Change, MUTATION_NAMES, MUTATIONS, type Mutation, type MutationName } from './mutations.ts';

/** The pages that are mutated; each is one of the outlines, or what it was before the profile was opened. */
export const PAGES = {
  recs: { path: '/app/recs', show: '' },
  'recs-open': { path: '/app/recs', show: 'profile' },
  explore: { path: '/app/explore/night-owls', show: '' },
  'explore-open': { path: '/app/explore/night-owls', show: 'profile' },
} as const;

/** See {@link PAGES}. */
export type PageName = keyof typeof PAGES;

/** Where a run's profiles end, unless a mutation says otherwise; so many swipes are proof that it keeps working. */
const PROFILES = 5;
const SWIPES = 3;

/** A window that holds a whole card, with the matches beside it. */
const VIEWPORT = { width: 820, height: 720 };

/** One run: a page, what changed about it, and who is in its deck. The same for the same seed and number. */
export interface RunPlan {
  readonly run: number;
  readonly page: PageName;
  readonly mutations: readonly MutationName[];
  readonly drift: readonly Drift[];
  readonly changes: readonly Change[];
  readonly viewport: { readonly width: number; readonly height: number };
  /** Path and query at https://tinder.com. */
  readonly path: string;
  readonly deck: TwinDeck;
  readonly swipes: number;
}

/** Plans a run. */
export function planRun(seed: number, run: number): RunPlan {
  const random = seededRandom(seedOf(seed, run, 40));
  const page = pick(random, Object.keys(PAGES) as [PageName, ...PageName[]]);
  const mutations = drawMutations(random);
  const english = !mutations.includes('translate');
  const changes = mutations.map((name) => (MUTATIONS[name] as Mutation).draw(random, { english }));
  const drift = changes.flatMap((change) => change.drift ?? []);
  const { path, show } = PAGES[page];
  const options: Partial<PageOptions> = Object.assign(
    { show, animationMs: 10, lingerMs: 10, lazyDelayMs: 5, keepPhotos: random() < 0.2, drift },
    ...changes.map((change) => change.options ?? {}),
  );
  const viewport = changes.findLast((change) => change.viewport)?.viewport ?? VIEWPORT;
  return {
    run,
    page,
    mutations,
    drift,
    changes,
    viewport,
    path: `${path}?${queryOf(options)}`,
    deck: deckOf(seedOf(seed, run, 41), changes),
    swipes: SWIPES,
  };
}

function queryOf(options: Partial<PageOptions>): URLSearchParams {
  const texts = Object.entries(options).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return new URLSearchParams(texts);
}

function deckOf(seed: number, changes: readonly Change[]): TwinDeck {
  const profiles = changes.findLast((change) => change.profiles)?.profiles ?? PROFILES;
  const photos = seed % 3 === 0 ? 'even' : 'few'; // their number is what costs most time
  const rates = Object.assign({ video: 0.1, namesake: 0.15, photos }, ...changes.map(({ rates = {} }) => rates));
  const plans = changes.flatMap(({ plan }) => plan ?? []);
  const plan = (index: number) => Object.assign({}, ...plans.filter(({ at }) => at === index).map(({ of }) => of));
  const dead = changes.flatMap((change) => change.dead ?? []);
  return new TwinDeck({ seed, profiles, today: new Date(), rates, plan, dead });
}

/** None now and then, to know what an unchanged page does; mostly one; else two or three of different groups. */
function drawMutations(random: Random): MutationName[] {
  const drawn = random();
  const count = drawn < 0.02 ? 0 : drawn < 0.6 ? 1 : drawn < 0.85 ? 2 : 3;
  const names: MutationName[] = [];
  while (names.length < count) {
    const name = pick(random, MUTATION_NAMES);
    const groups = names.map((other) => (MUTATIONS[other] as Mutation).group);
    const { group } = MUTATIONS[name] as Mutation;
    if (!names.includes(name) && (group === undefined || !groups.includes(group))) names.push(name);
  }
  return names;
}
