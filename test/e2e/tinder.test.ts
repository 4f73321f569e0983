import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { NO_LIMITS } from '../simulation/extension-view.ts';
import { dropControl, expectControlClear } from '../support/control-clear.ts';
import { consent, type ExtensionBrowser, fitPopup, storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { storedHistory } from '../support/made-history.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { overlayBoxes, readOverlay } from '../support/shown-overlay.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { stillsOf, truthOf } from '../twins/tinder/profiles.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { STATES, statesOfDeck, type TwinState } from '../twins/tinder/states.ts';
import { openTwin, withTwin } from '../twins/tinder/twin-handle.ts';
import { openTinderBrowser } from '../twins/tinder-browser.ts';

// The production build, its manifest unmodified, on the structure twin of tinder.com: what each state of the page is seen
// as, and what is done to it. `npm run simulate` plays a whole deck.

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** What each state is: a profile that is read whole, or the reason for which none is. */
const SEEN_AS: Record<string, string> = {
  upsell: 'upsell_open',
  match: 'dialog_open',
  'match-bare': 'dialog_open',
  'add-to-home': 'dialog_open',
  location: 'permission_prompt',
  notifications: 'permission_prompt',
  'out-of-likes': 'out_of_likes',
  'unknown-dialog': 'dialog_open',
  searching: 'deck_ended',
  beacon: 'deck_ended',
  // Nothing on the page tells that it is explored: it is one that shows no card.
  'explore-exhausted': 'page_changed',
  'signed-out': 'signed_out',
  challenge: 'challenge',
  'consent-layer': 'consent_layer',
  // Known by their English words alone: in another language they are dialogs that nobody touches.
  'portuguese-match': 'dialog_open',
  'portuguese-upsell': 'dialog_open',
};

/** The states that are looked at in a narrow window, too. */
const NARROW = ['recs-closed', 'recs-open', 'explore-open', 'upsell', 'arabic-explore-open'];

/** What stops swiping where each of these comes up, and how the badge says so. */
const STOPS: Record<string, string> = {
  upsell: 'upsell_open',
  location: 'permission_prompt',
  'out-of-likes': 'out_of_likes',
  unknown: 'dialog_unknown',
  challenge: 'challenge',
  'consent-layer': 'consent_layer',
  beacon: 'deck_ended',
  'signed-out': 'signed_out',
};

describe.skipIf(!chromium)('tinder.com, as its twin', () => {
  let twin: TwinServer;
  let scorer: StubScorer;
  let browser: ExtensionBrowser;
  let page: Page;
  let popup: Page;

  beforeAll(async () => {
    twin = await TwinServer.start({ profiles: 200, page: { animationMs: 30, lingerMs: 50 } });
    scorer = await StubScorer.start();
    browser = await openTinderBrowser(chromium!, twin);
    browser.context.setDefaultTimeout(8_000);
    await consent(browser);
    page = await browser.context.newPage();
    popup = await browser.openOwn('popup.html');
    await store({ server: { address: scorer.url, token: scorer.token, profileKey: '' }, patience: 0.3 });
    await page.bringToFront();
  });

  afterAll(async () => {
    await browser?.close();
    await scorer?.stop();
    await twin?.close();
  });

  const store = (change: Partial<Settings>) => storeSettings(browser, change);

  /** What the extension keeps, on disk and in memory. */
  async function kept(): Promise<{ local: Kept; session: Kept }> {
    const worker = await browser.worker();
    return await worker.evaluate(async () => {
      const { chrome } = globalThis as unknown as { chrome: { storage: Record<'local' | 'session', Storage> } };
      return { local: await chrome.storage.local.get(), session: await chrome.storage.session.get() };
    });
  }

  const badge = async () =>
    await (await browser.worker()).evaluate(() => {
      const { chrome } = globalThis as unknown as { chrome: { action: { getBadgeText(of: object): Promise<string> } } };
      return chrome.action.getBadgeText({});
    });

  const counts = async () => (await kept()).session.session?.counts ?? { right: 0, left: 0, seen: 0, held: 0 };
  const reason = async () => (await kept()).session.session?.pages?.at(-1)?.status.reason;
  const soon = { timeout: 15_000, interval: 25 };
  const shootOnFailure = () =>
    onTestFailed(async ({ task }) => {
      await takeScreenshot(page, `failed-tinder-${task.name.replaceAll(/\W+/g, '-').slice(0, 50)}`);
    });

  it('reads nothing of the page before the person lets it, and forgets what was read once it is off', async () => {
    shootOnFailure();
    await store({ mode: 'off' });
    await openTwin(page, STATES[0]!.path);
    await page.waitForTimeout(300);
    expect(scorer.scores).toEqual([]);
    expect(twin.record.requests.filter(({ dest, host }) => dest === 'empty' && host.startsWith('images'))).toEqual([]);
    expect(twin.record.deeds).toEqual([]);
    await store({ mode: 'show' });
    await expect.poll(async () => (await readOverlay(page)).line, soon).toMatch(/Swipe/);
  });

  it('says of every state what it is, reads every profile whole, and hides none of the site’s controls', async () => {
    shootOnFailure();
    for (const state of [...STATES, ...statesOfDeck(twin.deck)]) await look(state);
    expect(twin.record.verdicts).toEqual([]);
    expect(twin.record.paid).toEqual([]);
    expect(twin.record.deeds.filter(({ by }) => by !== 'tab')).toEqual([]); // photos were turned over, nothing else
  }, 180_000); // 54 s beside another browser on two cores

  async function look({ name, path }: TwinState): Promise<void> {
    await openTwin(page, path);
    const expected = SEEN_AS[name];
    if (NARROW.includes(name)) await narrow(name);
    if (expected) {
      await expect.poll(reason, { ...soon, message: name }).toBe(expected);
      expect((await readOverlay(page)).line, name).toBeUndefined();
      await expectControlClear(page, name);
      await takeScreenshot(page, `tinder-${name}`);
      return;
    }
    await expect
      .poll(async () => (await readOverlay(page)).line, { ...soon, message: name })
      .toMatch(/Swipe (right|left)/);
    const active = (await withTwin(page, (here) => here.active()))!;
    const profile = twin.deck.profile(active.index);
    const truth = truthOf(profile);
    const { badge: shown, line } = await readOverlay(page);
    expect(line, name).toContain(`Swipe ${truth.swipe}`);
    const videos = profile.photos.filter(({ video }) => video).length;
    if (videos > 0) expect(line, name).toContain(`${videos} video`);
    const first = profile.photos[0]!;
    expect(shown, name).toContain(first.video ? 'Video' : formatPercent(first.like));
    const stills = stillsOf(profile).map(({ id }) => id);
    const asked = scorer.scores.filter(({ profiles }) => profiles.includes(profile.id));
    expect(
      asked.map(({ photos, photoCount }) => ({ photos, photoCount })),
      name,
    ).toContainEqual({
      photos: stills,
      photoCount: stills.length,
    });
    await expectControlsFree(name);
    await expectControlClear(page, name);
    await takeScreenshot(page, `tinder-${name}`);
  }

  /** In a window as narrow as a phone's, the control still covers no button. */
  async function narrow(name: string): Promise<void> {
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 360, height: 640 });
    await expectControlClear(page, `${name}, narrow`);
    if (name === 'recs-closed') await dropControl(page, page.locator('[class*=gamepad-sparks-like-default]').first());
    await expectControlClear(page, `${name}, narrow and dropped on Like`); // it stays there in all states that follow
    await takeScreenshot(page, `tinder-narrow-${name}`);
    await page.setViewportSize(wide);
  }

  /** The overlay's boxes and those of the site's controls have nothing in common. */
  async function expectControlsFree(name: string): Promise<void> {
    const controls = await page.evaluate(() => {
      const selector = 'button:not([disabled]), a, [role=button], [role=tab]';
      const nodes = [...document.querySelectorAll(`main ${selector}`)].filter((node) => !node.closest('[inert]'));
      return nodes.flatMap((node) => {
        const { x, y, width, height } = node.getBoundingClientRect();
        // The halves of a photo that turn it are controls that nobody sees; clicks go through the overlay.
        const unseen = getComputedStyle(node).opacity === '0' || node.matches('[aria-controls]:not([role=tab])');
        return unseen || width === 0 ? [] : [{ x, y, width, height }];
      });
    });
    expect(controls.length, name).toBeGreaterThan(3);
    for (const box of await overlayBoxes(page)) {
      for (const control of controls) {
        const apart =
          box.x + box.width <= control.x ||
          control.x + control.width <= box.x ||
          box.y + box.height <= control.y ||
          control.y + control.height <= box.y;
        expect(apart, `${name}: ${JSON.stringify({ box, control })}`).toBe(true);
      }
    }
  }

  it('turns the photos over where the page’s data is not to be had, and back', async () => {
    shootOnFailure();
    await openTwin(page, '/app/recs?recs=hidden&from=2');
    await expect.poll(async () => (await readOverlay(page)).line, soon).toMatch(/Swipe (right|left)/);
    const selected = () =>
      page
        .locator('[aria-hidden=false] > * [role=tab]')
        .evaluateAll((tabs) => tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true'));
    await expect.poll(selected, soon).toBe(0);
  });

  it('checks the page from the popup: roles and counts, and nothing personal', async () => {
    shootOnFailure();
    await openTwin(page, STATES[0]!.path);
    await expect.poll(async () => (await readOverlay(page)).line, soon).toMatch(/Swipe/);
    const profile = twin.deck.profile((await withTwin(page, (here) => here.active()))!.index);
    await popup.evaluate(() => document.querySelector<HTMLElement>('#ask-check')?.click());
    await expect.poll(() => popup.locator('#check-text').textContent(), soon).toContain('active surface');
    const text = (await popup.locator('#check-text').textContent())!;
    expect(text).not.toContain('!!');
    expect(text).toContain('profile');
    for (const personal of [profile.name, String(profile.age), profile.bio, 'http', profile.id]) {
      if (personal) expect(text).not.toContain(personal);
    }
    await popup.bringToFront();
    expect(await fitPopup(popup)).toBeLessThanOrEqual(600);
    await takeScreenshot(popup, 'popup-check');
    await popup.getByRole('button', { name: 'Close' }).click();
    await page.bringToFront();
  });

  it('swipes by the truth, closes what is harmless, and says before it swipes more what comes next', async () => {
    shootOnFailure();
    const before = await counts();
    twin.record.verdicts.length = 0;
    const asked = scorer.scores.length;
    await store({ limits: NO_LIMITS });
    await openTwin(page, '/app/recs?from=10&show=match');
    await store({ mode: 'swipe' });
    await expect.poll(() => twin.record.taken.length, soon).toBeGreaterThanOrEqual(15);
    await store({ mode: 'show' });
    await withTwin(page, (here) => here.settled()); // a swipe may still have been on its way
    await expect.poll(async () => swiped(await counts()) - swiped(before) - twin.record.taken.length, soon).toBe(0);
    for (const { kind, profile, step } of twin.record.verdicts) {
      expect([step, kind]).toEqual([step, truthOf(twin.deck.profile(step)).swipe === 'right' ? 'like' : 'pass']);
      expect(scorer.scores.some(({ profiles }) => profiles.join() === profile)).toBe(true);
    }
    expect(new Set(twin.record.verdicts.map(({ profile }) => profile)).size).toBe(twin.record.verdicts.length);
    expect(scorer.scores.slice(asked).filter(({ priority }) => priority === 'ahead').length).toBeGreaterThan(5);
    expect(twin.record.paid).toEqual([]);
  });

  it('stops where the page shows no buttons, and sends no key', async () => {
    shootOnFailure();
    await openTwin(page, '/app/recs?from=50');
    await page.evaluate(() => {
      for (const button of document.querySelectorAll('.gamepad-button-wrapper')) button.remove();
    });
    const { length } = twin.record.deeds;
    await store({ mode: 'swipe' });
    await expect.poll(reason, soon).toBe('control_missing');
    await store({ mode: 'show' });
    expect(twin.record.deeds.slice(length).filter(({ by }) => by !== 'tab')).toEqual([]);
  });

  it.each(Object.entries(STOPS))(
    'stops at %s: popup, badge and overlay say so, and nothing is pressed',
    async (what, why) => {
      shootOnFailure();
      await openTwin(page, '/app/recs?from=80');
      await withTwin(page, (here, showable) => here.show(showable), what as 'upsell');
      const { length } = twin.record.deeds;
      await store({ mode: 'swipe' });
      await expect.poll(reason, soon).toBe(why);
      await expect.poll(async () => (await readOverlay(page)).note, soon).toContain('Swipenet is paused');
      const note = (await readOverlay(page)).note!;
      const said = popup.locator('#reason');
      await expect.poll(async () => note.includes((await said.textContent()) ?? '?'), soon).toBe(true);
      await expect.poll(badge, soon).toBe(why === 'deck_ended' ? 'end' : '!');
      await takeScreenshot(page, `tinder-stop-${what}`);
      expect(twin.record.deeds.slice(length).filter(({ by }) => by !== 'tab')).toEqual([]);
      await store({ mode: 'show' });
    },
  );

  it('waits while the browser is offline, says so, and goes on', async () => {
    shootOnFailure();
    await openTwin(page, '/app/recs?from=90');
    await browser.context.setOffline(true);
    await store({ mode: 'swipe' });
    await expect.poll(reason, soon).toBe('offline');
    await expect.poll(async () => (await readOverlay(page)).note, soon).toContain('offline');
    const taken = twin.record.taken.length;
    await browser.context.setOffline(false);
    await expect.poll(() => twin.record.taken.length, soon).toBeGreaterThan(taken);
    await store({ mode: 'show' });
  });

  it('has sent photos and their number, kept no photo’s address and no word of a profile, and asked nobody else', async () => {
    const names = new Set(['content-type', 'authorization']);
    for (const { extraFields, headerNames, fileNames, query, threshold } of scorer.scores) {
      expect({ extraFields, fileNames: [...new Set(fileNames)], query, threshold }).toEqual({
        extraFields: [],
        fileNames: ['photo'],
        query: '',
        threshold: undefined,
      });
      const own = headerNames.filter((name) => !BROWSERS_OWN.includes(name));
      expect(own.filter((name) => !names.has(name))).toEqual([]);
    }
    const history = await storedHistory(await browser.openOwn('swipe-history.html'));
    expect(history.entries.length).toBeGreaterThan(10);
    const text = JSON.stringify([await kept(), history]);
    expect(text).not.toMatch(/gotinder|Policy=|Signature/);
    for (let index = 0; index < 100; index += 1) {
      const { name, bio, id } = twin.deck.profile(index);
      for (const word of [`"${name}"`, id, bio]) if (word) expect(text).not.toContain(word);
    }
    expect(twin.record.strangers).toEqual([]);
    const byWorker = twin.record.requests.filter(
      ({ host, dest }) => host === 'images-ssl.gotinder.com' && dest === 'empty',
    );
    expect(byWorker.length).toBeGreaterThan(50);
    for (const { told } of byWorker) expect(told).toEqual([]); // no cookie, no token, no word of where it is shown
  });
});

/** What of the storage is looked at here. */
interface Kept {
  readonly settings?: object;
  readonly session?: {
    readonly counts: Record<'seen' | 'right' | 'left' | 'held', number>;
    readonly pages?: readonly { readonly status: { readonly reason: string | null } }[];
  };
}

interface Storage {
  get(): Promise<Kept>;
}

const BROWSERS_OWN = [
  'host',
  'connection',
  'content-length',
  'pragma',
  'cache-control',
  'user-agent',
  'accept',
  'origin',
  'accept-encoding',
  'accept-language',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
];

const swiped = ({ right, left }: { right: number; left: number }) => right + left;
