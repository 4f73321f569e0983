import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClockedExtension } from '../drift/clocked-extension.ts';
import { CALM } from '../simulation/chaos.ts';
import { Table } from '../simulation/table.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { TwinDeck } from '../twins/tinder/deck.ts';
import type { Drift } from '../twins/tinder/drift.ts';
import type { TwinPlan } from '../twins/tinder/plans.ts';
import { type ProfileRates, truthOf } from '../twins/tinder/profiles.ts';
import { withTwin } from '../twins/tinder/twin-handle.ts';

// Pages that no longer prove themselves, and the reason with which swiping stops there.

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** One page on which swiping stops. */
interface Stop {
  readonly what: string;
  readonly reason: string;
  readonly drift?: readonly Drift[];
  readonly rates?: Partial<ProfileRates>;
  readonly plan?: TwinPlan;
  readonly path?: string;
  readonly query?: string;
  /** The photos of the first profile call for a left swipe. */
  readonly left?: true;
  /** The number of profiles in the deck. */
  readonly profiles?: number;
}

const decoy = {
  kind: 'add-button',
  at: 'before-like',
  sparks: 'like',
  label: 'like',
  size: 'large',
  secondIcon: true,
} as const;
const cover = { kind: 'cover', at: 0, afterMs: 0 } as const;

const STOPS: readonly Stop[] = [
  {
    what: 'a paid button with the class, name and size of Like',
    reason: 'control_ambiguous',
    drift: [{ ...decoy, remaining: 3 }],
  },
  {
    what: 'a Super Like that took over everything but its size',
    reason: 'control_ambiguous',
    drift: [
      {
        kind: 'paid-takes-over',
        by: 'super-like',
        sparks: true,
        name: true,
        size: false,
        counter: true,
        like: { sparks: 'heart' },
      },
    ],
  },
  {
    what: 'buttons in a shadow root',
    reason: 'control_missing',
    drift: [{ kind: 'shadow', part: 'row', mode: 'closed' }],
  },
  { what: 'a popover over Like', reason: 'covered', drift: [{ ...cover, how: 'popover', over: 'like' }] },
  { what: 'a panel without a role over Nope', reason: 'covered', drift: [{ ...cover, how: 'panel', over: 'nope' }] },
  {
    what: 'a small dialog in a closed shadow root',
    reason: 'covered',
    drift: [{ ...cover, how: 'closed-shadow', over: 'card' }],
  },
  { what: 'an invisible layer', reason: 'covered', drift: [{ ...cover, how: 'transparent', over: 'all' }] },
  { what: 'a row of buttons below the window', reason: 'off_screen', drift: [{ kind: 'off-screen', what: 'row' }] },
  { what: 'a page below the window', reason: 'off_screen', drift: [{ kind: 'off-screen', what: 'all' }] },
  { what: 'a fake card', reason: 'card_unproven', drift: [{ kind: 'fake-card', how: 'bare', at: 0 }] },
  { what: 'an advertisement as a card', reason: 'page_changed', drift: [{ kind: 'fake-card', how: 'promo', at: 0 }] },
  {
    what: 'labels that count one photo less',
    reason: 'photo_count_unsure',
    drift: [{ kind: 'slide-labels', change: -1 }],
    left: true,
  },
  {
    what: 'two carousels of different people',
    reason: 'surface_ambiguous',
    drift: [{ kind: 'extra-carousel', at: 'before' }],
  },
  { what: 'a profile with only videos', reason: 'only_videos', rates: { videoOnly: 1 } },
  { what: 'no photo at all', reason: 'page_changed', plan: { neverShown: 'all' } },
  { what: 'the end of an explored deck', reason: 'page_changed', path: '/app/explore/night-owls', profiles: 1 },
];

describe.skipIf(!chromium)('a page that doesn’t prove itself', () => {
  let extension: ClockedExtension;
  let table: Table;

  beforeAll(async () => {
    extension = await ClockedExtension.make();
    const { folder } = extension;
    const options = { chromium: chromium!, seed: 0, profiles: 0, chaos: CALM, patience: 1, folder };
    table = await Table.open(options);
    await table.page.setViewportSize({ width: 1100, height: 800 });
  });

  afterAll(async () => {
    await table?.close();
    await extension?.remove();
  });

  it.each(STOPS.map((stop) => [stop.what, stop] as const))('stops by name: %s', async (what, stop) => {
    const { twin, view, page } = table;
    await view.set({ mode: 'show' }); // ends the previous stop
    await page.goto('about:blank');
    twin.changeDeck(deckOf(stop));
    twin.record.deeds.length = 0;
    await view.set({ mode: 'swipe' });
    const { path = '/app/recs', drift = [] } = stop;
    await table.load(`${path}?animationMs=10&drift=${encodeURIComponent(JSON.stringify(drift))}`);
    const soon = { timeout: 15_000, interval: 25 };
    await expect.poll(() => view.pages.at(-1)?.status.reason, soon).toBe(stop.reason);
    await expect.poll(async () => (await readOverlay(page)).note, soon).toContain('Swipenet is paused');
    await withTwin(page, (handle) => handle.settled());
    await takeScreenshot(page, `drift-stop-${what.replaceAll(/\W+/g, '-')}`);
    const pressed = twin.record.deeds.filter(({ by }) => by !== 'tab').map(({ by }) => by);
    expect(pressed.length).toBeLessThanOrEqual(stop.profiles ?? 0); // only profiles before the end
  });
});

function deckOf({ rates = {}, plan = {}, profiles = 20, left }: Stop): TwinDeck {
  const made = (seed: number) => {
    const options = { seed, profiles, today: new Date(), plan: () => plan };
    return new TwinDeck({ ...options, rates: { video: 0, older: 0, photos: 'even', ...rates } });
  };
  for (let seed = 1; ; seed += 1) {
    const deck = made(seed);
    const first = deck.profile(0);
    if (first.photos.length > 2 && (!left || truthOf(first).swipe === 'left')) return deck;
  }
}
