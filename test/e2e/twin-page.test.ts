import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/find-chromium.ts';
import { listElements, OUTLINES, type OutlineName, outlineOf, outlineOfPage } from '../twins/tinder/outline.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { STATES, statesOfDeck } from '../twins/tinder/states.ts';
import { openTwin, withTwin } from '../twins/tinder/twin-handle.ts';
import { twinArguments } from '../twins/tinder-browser.ts';

// The twin itself, without the extension: it has what facts/sites.md says of the site, anchor by anchor, and plays along.

const ACTIVE = '[data-keyboard-gamepad="true"][aria-hidden="false"]';
const STACK = '[role=region][aria-label="Card stack"] .recsCardboard__cards';
const PHOTO = '[role=img][style*=background-image]';
const BUTTON = '.gamepad-button-wrapper > button.gamepad-button';

/** The address of each outline's page, and the part of the page that the outline shows. */
const PAGES: Record<OutlineName, { readonly path: string; readonly root: string }> = {
  'closed-profile': { path: '/app/recs?show=thrown&lingerMs=600000&from=4', root: 'main > *' },
  'open-profile': { path: '/app/recs?show=profile&from=4', root: 'main' },
  'explore-open-profile': { path: '/app/explore/night-owls?show=profile&from=4', root: 'main' },
  'upsell-dialog': { path: '/app/recs?show=upsell&from=4', root: 'body > :last-child > *' },
};

/** How often each anchor is there, by state. */
const ANCHORS: Record<string, Record<string, number>> = {
  'recs-closed': {
    [`${STACK} > ${ACTIVE}`]: 1,
    '[data-keyboard-gamepad="true"][aria-hidden="true"][inert]': 2,
    [`${ACTIVE} section[aria-roledescription=carousel][aria-label="Inês's photos"]`]: 1,
    [`${ACTIVE} [role=tablist] button[role=tab][aria-controls^="carousel-item-"][aria-selected]`]: 2,
    [`${ACTIVE} .keen-slider__slide#carousel-item-1[role=tabpanel][aria-hidden=true][aria-label="2 of 2"]`]: 1,
    '#carousel-item-0': 3,
    [`${STACK} ${PHOTO}`]: 2, // the third card begins with a video
    '[role=img][style*="172x216"]': 6, // the matches beside it
    [`${ACTIVE} [role=tabpanel][aria-hidden=false] ${PHOTO}.sentry-block[aria-label="Profile Photo 1"]`]: 1,
    [`${ACTIVE} button[aria-controls][aria-label="Previous Photo"]:disabled`]: 1,
    [`${ACTIVE} button[aria-controls][aria-label="Next Photo"]:not(:disabled)`]: 1,
    [`${ACTIVE} [itemprop=name]`]: 1,
    [`${ACTIVE} [itemprop=age]`]: 1,
    [`${ACTIVE} .BreakWord`]: 1,
    [`${BUTTON}[class*=gamepad-sparks-nope-default]:has(span.Hidden)`]: 1,
    [`${BUTTON}[class*=gamepad-sparks-like-default]:has(span.Hidden)`]: 1,
    '.gamepad-button-wrapper button.gamepad-button[class*=gamepad-sparks-super-like-default]': 2,
    [`${BUTTON}[class*=gamepad-sparks-rewind-default]`]: 1,
    'button[aria-label="Like"]': 0,
    '.gamepad-button-wrapper [role=img][aria-label="0 remaining"]': 1,
    '.gamepad-button-wrapper [role=img][aria-label="3 remaining"]': 1,
    '[role=dialog]': 0,
  },
  'recs-open': {
    [ACTIVE]: 0,
    '[role=region]': 0,
    'main a[data-testid=profileBackButton]': 1,
    'main h1[aria-label="Inês 29 years"]': 1,
    [`main ${PHOTO}.profileCard__slider__img`]: 1,
    [`${BUTTON}[class*=gamepad-sparks-like-default]`]: 1,
    [`${BUTTON}[class*=gamepad-sparks-nope-default]`]: 1,
  },
  'explore-closed': { '[role=dialog][aria-modal=true]': 1, [ACTIVE]: 1, 'main nav .Hidden': 1 },
  'explore-open': {
    [ACTIVE]: 0,
    '[role=dialog][aria-modal=true]': 1,
    'main section[aria-roledescription=carousel]': 1,
    'main div[role=button][data-testid=profileBackButton]': 1,
    '.profileCard__slider__img': 1,
  },
  boost: { 'button[class*=gamepad-sparks-boost-default]': 1, '[role=img][aria-label="1 remaining"]': 1 },
  match: { 'button[title="Back to Tinder"]': 1, '[role=dialog] h1': 1 },
  'match-bare': { 'button[title="Back to Tinder"]': 1, '[role=dialog]': 0 },
  upsell: { '[role=dialog][aria-modal=true] h3': 1 },
  'add-to-home': { '[data-testid=addToHomeScreen] button[data-testid=decline]': 1 },
  location: { 'button[data-testid=allow]': 1, 'button[data-testid=decline]': 1 },
  'out-of-likes': { '[role=dialog] h1': 1 },
  beacon: { [ACTIVE]: 0, '.beacon': 1, 'output[aria-busy=true]': 1 },
  'explore-exhausted': { [ACTIVE]: 0, 'main nav button': 1, '.beacon': 0 },
  'signed-out': { [ACTIVE]: 0, '[role=region]': 0 },
  challenge: { 'iframe[src*=arkoselabs]': 1 },
  'consent-layer': { 'div#sp_message_container_123': 1 },
  portuguese: { '[aria-label="Card stack"]': 0, [ACTIVE]: 1, [`${BUTTON}[class*=gamepad-sparks-like-default]`]: 1 },
  'portuguese-match': { 'button[title="Voltar ao Tinder"]': 1 },
  'thrown-card': { [ACTIVE]: 1, '[data-keyboard-gamepad][aria-hidden=true][inert][style*="2055px"]': 1 },
  arabic: { 'html[dir=rtl]': 1, [`${ACTIVE} [itemprop=age]`]: 1 },
  'older-addresses': { [`${ACTIVE} [role=img][style*="/640x800_"]`]: 1 },
  'video-first': { [`${ACTIVE} [role=tabpanel][aria-hidden=false] video`]: 1, [`${ACTIVE} ${PHOTO}`]: 0 },
  'one-photo-without-tab': { [`${ACTIVE} [role=tab]`]: 0, [`${ACTIVE} ${PHOTO}`]: 1 },
};

const executablePath = findChromium();

describe.skipIf(!executablePath)('the twin of tinder.com', () => {
  let twin: TwinServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    twin = await TwinServer.start({
      profiles: 60,
      plan: (index) =>
        index === 40 ? { callFails: { times: 1, status: 0 } } : index === 41 ? { afterLike: 'match' } : {},
      page: { animationMs: 10, lingerMs: 20 },
    });
    browser = await chromium.launch({ executablePath: executablePath!, args: twinArguments(twin) });
    page = await browser.newPage();
    page.setDefaultTimeout(5_000);
  });

  afterAll(async () => {
    await browser?.close();
    await twin?.close();
  });

  it.each(Object.keys(ANCHORS))('has the anchors of the facts: %s', async (name) => {
    const state = [...STATES, ...statesOfDeck(twin.deck)].find((one) => one.name === name)!;
    await openTwin(page, state.path);
    const count = (anchors: string[]) => anchors.map((anchor) => [anchor, document.querySelectorAll(anchor).length]);
    await expect
      .poll(async () => Object.fromEntries(await page.evaluate(count, Object.keys(ANCHORS[name]!))), { interval: 10 })
      .toEqual(ANCHORS[name]);
  });

  it.each(OUTLINES)('has the structure of the outline, element by element: %s', async (name) => {
    const { path, root } = PAGES[name];
    await openTwin(page, path);
    const structure = async () => outlineOfPage(await page.evaluate(listElements, root));
    await expect.poll(structure, { interval: 20 }).toEqual(outlineOf(name));
  });

  it('has the measured sizes: Like and Nope are large, every other button is small', async () => {
    for (const path of ['/app/recs', '/app/recs?show=profile', '/app/explore/night-owls?show=profile']) {
      await openTwin(page, path);
      await page.locator(BUTTON).first().waitFor();
      const sizes = await page.locator('.gamepad-button-wrapper:has(button)').evaluateAll((wrappers) =>
        wrappers.map((wrapper) => {
          const kind = /sparks-([a-z-]+)-default/.exec(wrapper.querySelector('button')!.className)![1];
          const { width, height } = wrapper.getBoundingClientRect();
          return [kind, width, height];
        }),
      );
      for (const [kind, ...size] of sizes) {
        expect(size, `${path} ${kind}`).toEqual(kind === 'like' || kind === 'nope' ? [64, 64] : [48, 48]);
      }
    }
  });

  it('swipes by the site’s own buttons, as fast as they come, and records every one', async () => {
    await openTwin(page, '/app/recs');
    await page.locator(ACTIVE).waitFor();
    await page.evaluate(async (active) => {
      for (let swipe = 0; swipe < 40; swipe += 1) {
        while (!document.querySelector(active)) await new Promise((next) => setTimeout(next));
        const kind = swipe % 2 ? 'like' : 'nope';
        document.querySelector<HTMLElement>(`[class*=gamepad-sparks-${kind}-default]`)!.click();
        await new Promise((next) => setTimeout(next));
      }
    }, ACTIVE);
    await withTwin(page, (handle) => handle.settled());
    expect(twin.record.deeds.map(({ step }) => step)).toEqual([...Array(40).keys()]);
    const verdicts = twin.record.taken.toSorted((a, b) => a.step - b.step);
    expect(verdicts.map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, (_, at) => (at % 2 ? 'like' : 'pass')));
    expect(twin.record.strangers).toEqual([]);
  });

  it('swipes by the site’s keys, brings a card back whose call failed, and tells of a match', async () => {
    await openTwin(page, '/app/recs');
    const index = () => withTwin(page, (handle) => handle.active()?.index);
    await expect.poll(index).toBe(40);
    await page.keyboard.press('ArrowRight');
    await withTwin(page, (handle) => handle.settled());
    await expect.poll(index).toBe(40);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    await page.locator('[title="Back to Tinder"]').click();
    await page.keyboard.press('Enter');
    await withTwin(page, (handle) => handle.settled());
    const { verdicts, deeds, paid } = twin.record;
    expect(verdicts.slice(40).map(({ step, kind, answered }) => [step, kind, answered])).toEqual([
      [40, 'like', 0],
      [40, 'pass', 200],
      [41, 'like', 200],
      [42, 'super-like', 200],
    ]);
    expect(deeds.slice(40).map(({ by, trusted }) => [by, trusted])).toEqual(
      ['like', 'nope', 'like', 'match-back', 'super-like'].map((by) => [by, true]),
    );
    expect(paid.map(({ by }) => by)).toEqual(['super-like']);
  });

  it('goes on to the next photo a moment after the tab, and makes a card anew at the same photo', async () => {
    await openTwin(page, '/app/recs?from=4&lazyDelayMs=600');
    await page.locator(`${ACTIVE} [role=tab]`).nth(3).click();
    expect(await page.locator(`${ACTIVE} ${PHOTO}`).count()).toBe(0);
    await page.locator(`${ACTIVE} ${PHOTO}[aria-label="Profile Photo 4"]`).waitFor();
    expect(await page.locator(`${ACTIVE} ${PHOTO}`).count()).toBe(1);
    const before = await page.locator(ACTIVE).elementHandle();
    await withTwin(page, (handle) => handle.rerender());
    expect(await before!.evaluate((node) => node.isConnected)).toBe(false);
    await page.locator(`${ACTIVE} ${PHOTO}[aria-label="Profile Photo 4"]`).waitFor();
  });
});
