import { pick, type Random, seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { TwinDeck } from '../twins/tinder/deck.ts';
import type { Drift } from '../twins/tinder/drift.ts';
import type { PageOptions } from '../twins/tinder/page-options.ts';
import { type Change, MUTATION_NAMES, MUTATIONS, type Mutation, type MutationName } from './mutations.ts';

/** The pages to mutate: the outlines, and explore with its profile closed. */
export const PAGES = {
  recs: { path: '/app/recs', show: '' },
  'recs-open': { path: '/app/recs', show: 'profile' },
  explore: { path: '/app/explore/night-owls', show: '' },
  'explore-open': { path: '/app/explore/night-owls', show: 'profile' },
} as const;

/** See {@link PAGES}. */
export type PageName = keyof typeof PAGES;

/** The profiles in a run's deck unless a mutation changes that, and how many swipes prove that swiping keeps working. */
const PROFILES = 5;
const SWIPES = 3;

/** Windows that fit a whole card. The large one also shows the matches, which takes more time to draw. */
const WINDOWS = { small: { width: 620, height: 720 }, large: { width: 820, height: 720 } };

/** One run: a page, its changes and its deck. The seed and the run number determine all of it. */
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
    {
      show,
      animationMs: 10,
      lingerMs: 10,
      lazyDelayMs: 5,
      keepPhotos: random() < 0.2,
      gapMs: random() < 0.3 ? 25 : 0,
      drift,
    },
    ...changes.map((change) => change.options ?? {}),
  );
  const window = random() < 0.3 ? WINDOWS.large : WINDOWS.small;
  const viewport = changes.findLast((change) => change.viewport)?.viewport ?? window;
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
  const photos = seed % 3 === 0 ? 'even' : 'few'; // photos take most of a run's time
  const rates = Object.assign({ video: 0.1, namesake: 0.15, photos }, ...changes.map(({ rates = {} }) => rates));
  const plans = changes.flatMap(({ plan }) => plan ?? []);
  const plan = (index: number) => Object.assign({}, ...plans.filter(({ at }) => at === index).map(({ of }) => of));
  const dead = changes.flatMap((change) => change.dead ?? []);
  return new TwinDeck({ seed, profiles, today: new Date(), rates, plan, dead });
}

/** Draws mostly one mutation, sometimes two or three of different groups, and now and then none, for comparison. */
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
