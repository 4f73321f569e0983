import { between, pick, type Random } from '@swipenet/shared/random.ts';
import {
  ACTIVES,
  COVERED,
  COVERS,
  type Drift,
  FAKES,
  FAMILIES,
  OFF_SCREEN,
  SECOND_ROWS,
  SHADOWED,
  TECHNIQUES,
} from '../twins/tinder/drift.ts';
import type { PageOptions } from '../twins/tinder/page-options.ts';
import type { TwinPlan } from '../twins/tinder/plans.ts';
import type { ProfileRates } from '../twins/tinder/profiles.ts';
import { SHAPES } from '../twins/tinder/recs.ts';
import { addedButton, oneOf, PART_ATTRIBUTES, ROW_PARTS, rowChange, takeover } from './row-mutations.ts';

/** What a mutation does to a run. */
export interface Change {
  readonly drift?: readonly Drift[];
  readonly options?: Partial<PageOptions>;
  readonly rates?: Partial<ProfileRates>;
  /** What is special about one profile, by its position in the run's deck. */
  readonly plan?: { readonly at: number; readonly of: TwinPlan };
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The number of profiles in the deck. */
  readonly profiles?: number;
  /** A photo whose bytes can't be loaded: the positions of the profile and the photo. */
  readonly dead?: { readonly at: number; readonly photo: number };
}

/** One way in which the page may change. */
export interface Mutation {
  readonly draw: (random: Random, run: { readonly english: boolean }) => Change;
  /** At most one mutation of a group happens per run. Two could leave nothing that identifies a button. */
  readonly group?: 'row' | 'words' | 'data' | 'photos';
}

const drifts = (...drift: Drift[]): Change => ({ drift });

/** For mutations that affect one photo of several: most profiles have several. */
const MANY_PHOTOS = { rates: { photos: 'even' } } as const;

/** When something happens: at which card, counted from 0, and how long after that card comes on top. */
const moment = (random: Random) => ({
  at: random() < 0.5 ? 0 : 1,
  afterMs: random() < 0.3 ? 0 : Math.round(between(random, 0, 120)),
});

const OTHER_PARTS = PART_ATTRIBUTES.filter(([part]) => !ROW_PARTS.includes(part));

/** Covers after which swiping resumes by itself. A recognized dialog needs Resume instead. */
const PASSING = ['popover', 'closed-shadow', 'panel', 'transparent'] as const;

/** Every way in which the page may change, by name. */
export const MUTATIONS = {
  'rename-classes': { draw: (random) => drifts({ kind: 'rename-classes', family: pick(random, FAMILIES) }) },
  'drop-attribute': {
    draw(random) {
      const [part, name] = oneOf(random, OTHER_PARTS);
      return drifts({ kind: 'drop-attribute', part, name });
    },
  },
  'drop-everywhere': {
    group: 'row',
    draw: (random) =>
      drifts({
        kind: 'drop-attribute',
        name: pick(random, [
          'role',
          'aria-label',
          'aria-hidden',
          'aria-controls',
          'class',
          'itemprop',
          'data-testid',
          'id',
        ]),
      }),
  },
  'several-active': { draw: (random) => drifts({ kind: 'actives', how: pick(random, ACTIVES) }) },
  'recycled-cards': {
    draw: (random) => ({ ...drifts({ kind: 'recycled-cards' }), rates: { namesake: pick(random, [0, 0.5]) } }),
  },
  namesakes: { draw: () => ({ rates: { namesake: 0.9 } }) },
  'restless-page': { draw: (random) => drifts({ kind: 'ticker', everyMs: pick(random, [4, 16, 50]) }) },
  zoom: { draw: (random) => drifts({ kind: 'zoom', factor: pick(random, [0.5, 0.75, 1.25]) }) },
  'fake-card': {
    draw: (random) => drifts({ kind: 'fake-card', how: pick(random, FAKES), at: random() < 0.5 ? 0 : 1 }),
  },
  'add-button': { group: 'row', draw: (random, { english }) => drifts(...addedButton(random, english)) },
  'paid-takes-over': { group: 'row', draw: (random, { english }) => drifts(takeover(random, english)) },
  'change-row': { group: 'row', draw: (random, { english }) => drifts(rowChange(random, english)) },
  'second-row': { draw: (random) => drifts({ kind: 'second-row', how: pick(random, SECOND_ROWS) }) },
  'extra-carousel': {
    draw: (random) => drifts({ kind: 'extra-carousel', at: pick(random, ['before', 'after']) }),
  },
  translate: {
    group: 'words',
    draw: (random) => ({ options: { lang: pick(random, ['ar', 'ar', 'de', 'ja', 'pt']) } }),
  },
  'move-into-shadow': {
    draw: (random) =>
      drifts({ kind: 'shadow', part: pick(random, SHADOWED), mode: pick(random, ['open', 'open', 'closed']) }),
  },
  cover: {
    draw(random) {
      const how = oneOf(
        random,
        COVERS.filter((cover) => cover !== 'harmless'),
      );
      const over = how === 'tooltip' ? pick(random, ['like', 'nope'] as const) : pick(random, COVERED);
      return drifts({ kind: 'cover', how, over, ...moment(random) });
    },
  },
  'passing-cover': {
    draw(random) {
      const how = pick(random, PASSING);
      const forMs = Math.round(between(random, 80, 300));
      return drifts({ kind: 'cover', how, over: pick(random, COVERED), ...moment(random), forMs });
    },
  },
  'harmless-layer': {
    draw: (random) => drifts({ kind: 'cover', how: 'harmless', over: pick(random, COVERED), ...moment(random) }),
  },
  'image-technique': {
    group: 'photos',
    draw: (random) => drifts({ kind: 'image', technique: pick(random, TECHNIQUES) }),
  },
  'virtual-slides': {
    draw: (random) => ({ ...drifts({ kind: 'virtual-slides', recycled: random() < 0.4 }), ...MANY_PHOTOS }),
  },
  'tab-count': {
    draw: (random) => ({
      ...drifts({ kind: 'tabs', change: pick<number | 'none'>(random, ['none', -1, -2, 1, 2]) }),
      ...MANY_PHOTOS,
    }),
  },
  'slide-labels': {
    draw: (random) => ({ ...drifts({ kind: 'slide-labels', change: pick(random, [-1, 1]) }), ...MANY_PHOTOS }),
  },
  'late-data': {
    group: 'data',
    draw: (random) =>
      drifts({ kind: 'late-data', afterMs: Math.round(between(random, 20, 700)), share: 1, grows: false }),
  },
  'late-data-with-more': {
    group: 'data',
    draw: (random) => ({
      ...drifts({
        kind: 'late-data',
        afterMs: Math.round(between(random, 20, 700)),
        share: pick(random, [0.4, 0.7]),
        grows: random() < 0.5,
      }),
      ...MANY_PHOTOS,
    }),
  },
  'no-data': { group: 'data', draw: () => ({ options: { recs: 'hidden' } }) },
  'api-drift': {
    group: 'data',
    draw: (random) =>
      drifts(
        pick<Drift>(random, [
          { kind: 'api-path' },
          { kind: 'verdict-path' },
          ...SHAPES.map((shape) => ({ kind: 'api-shape', shape }) as const),
        ]),
      ),
  },
  'small-window': {
    draw: (random) => ({
      viewport: pick(random, [
        { width: 360, height: 640 },
        { width: 320, height: 480 },
        { width: 620, height: 400 },
      ]),
    }),
  },
  'off-screen': { draw: (random) => drifts({ kind: 'off-screen', what: pick(random, OFF_SCREEN) }) },
  'photo-never-shown': {
    group: 'photos',
    draw: (random) => ({
      plan: { at: pick(random, [0, 1]), of: { neverShown: pick(random, [0, 1, 2]) } },
      ...MANY_PHOTOS,
    }),
  },
  'no-photo-shown': {
    group: 'photos',
    draw: (random) => ({ plan: { at: pick(random, [0, 1]), of: { neverShown: 'all' } } }),
  },
  'dead-photo': {
    group: 'photos',
    draw: (random) => ({ dead: { at: pick(random, [0, 1]), photo: pick(random, [0, 1, 2]) }, ...MANY_PHOTOS }),
  },
  'slow-photos': { draw: (random) => ({ plan: { at: 1, of: { loadDelayMs: Math.round(between(random, 50, 400)) } } }) },
  'video-only': { group: 'photos', draw: () => ({ rates: { videoOnly: 0.5 } }) },
  'older-addresses': { draw: () => ({ rates: { older: 1 } }) },
  'deck-end': { draw: (random) => ({ profiles: pick(random, [1, 2]) }) },
  'profile-opens': {
    draw: (random) =>
      drifts({
        kind: 'profile',
        how: pick(random, ['opens', 'closes', 'opens-and-closes']),
        ...moment(random),
        forMs: Math.round(between(random, 10, 150)),
      }),
  },
  rerender: { draw: (random) => drifts({ kind: 'rerender', ...moment(random) }) },
  'offer-after-like': { draw: () => ({ plan: { at: 0, of: { afterLike: 'upsell' } } }) },
} as const satisfies Record<string, Mutation>;

/** See {@link MUTATIONS}. */
export type MutationName = keyof typeof MUTATIONS;

/** See {@link MUTATIONS}. */
export const MUTATION_NAMES = Object.keys(MUTATIONS) as [MutationName, ...MutationName[]];
