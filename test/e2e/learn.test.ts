import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { type SwipeRequest, swipeAnswerSchema } from '@swipenet/shared/contract/swipes.ts';
import { type TasteAnswer, tasteAnswerSchema } from '@swipenet/shared/contract/taste.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { chooseMode, consentToLearning, type ExtensionBrowser, fitPopup } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { patchwork } from '../support/labeled-photos.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);

const soon = { timeout: 20_000, interval: 20 };

describe.skipIf(!chromium)('learning in a real browser', () => {
  let connected: ConnectedBrowser;
  let stage: Stage;
  let browser: ExtensionBrowser;
  let page: Page;
  let popup: Page;

  beforeAll(async () => {
    const turnedOff = ['Ask me about close calls', 'Spot checks', 'Never the same person twice']; // decks are played again
    connected = await openConnectedBrowser(chromium!, turnedOff, ['--rate-burst', '10000']);
    ({ stage, browser, page, popup } = connected);
    await connected.options.close();
  });

  afterAll(() => connected?.close());

  /** Looks at a page as a person would, and returns to the deck. */
  async function shoot(what: Page, name: string): Promise<void> {
    await what.bringToFront();
    if (what === popup) expect(await fitPopup(popup), 'the browser cuts a popup at 600 px').toBeLessThanOrEqual(600);
    await takeScreenshot(what, name);
    await page.bringToFront();
  }
  const shootOnFailure = () =>
    onTestFailed(async ({ task }) => {
      await shoot(page, `failed-${task.name.slice(0, 30)}-page`);
      await shoot(popup, `failed-${task.name.slice(0, 30)}-popup`);
    });

  const send = async (method: string, path: string, body?: FormData | string) => {
    const { url, token } = stage.server;
    const headers = { Authorization: `Bearer ${token}` };
    return await fetch(url + path, { method, headers, ...(body !== undefined && { body }) });
  };
  const taste = async (): Promise<TasteAnswer> =>
    tasteAnswerSchema.parse(await (await send('GET', ROUTES.taste.path)).json());
  const swipes = () => stage.server.swipes();
  const label = async (fields: Partial<SwipeRequest>) => {
    const answer = await send('POST', ROUTES.swipes.path, JSON.stringify({ site: 'test', ...fields }));
    return swipeAnswerSchema.parse(await answer.json());
  };

  const hidden = async () => (await readOverlay(page)).line === 'Scored. Hidden until you swipe';

  /** The person swipes the card on top by the taste of the deck, once its hidden verdict is there. */
  async function personSwipes(by: 'key' | 'button'): Promise<'right' | 'left'> {
    await expect.poll(hidden, soon).toBe(true);
    expect((await readOverlay(page)).badge).toBeUndefined();
    const card = page.locator('[data-demo=card][aria-hidden=false]');
    const likes = (await card.getAttribute('data-would-like')) === 'true';
    if (by === 'key') await page.keyboard.press(likes ? 'ArrowRight' : 'ArrowLeft');
    else await page.locator(`button[data-demo=${likes ? 'like' : 'nope'}]`).click();
    const dismiss = page.locator('[data-demo=dismiss]');
    if (await dismiss.isVisible()) await dismiss.click();
    await expect.poll(hidden, soon).toBe(false); // what is shown now is about the next card
    return likes ? 'right' : 'left';
  }

  it('asks before it stores anything', async () => {
    shootOnFailure();
    await chooseMode(popup, 'Learn');
    await popup.getByText('tells you what it stores').waitFor();
    await Deck.open(page, stage, { taste: 'water', profiles: 3 });
    await expect.poll(hidden, soon).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(hidden, soon).toBe(true);
    expect(await taste()).toMatchObject({ likes: 0, passes: 0, pending: 0 });
    await shoot(popup, 'popup-learn-before-consent');
    const consentPage = await browser.openOwn('consent.html');
    await takeScreenshot(consentPage, 'consent-to-learning', { fullPage: true });
    await consentPage.close();
    await consentToLearning(browser);
    const options = await browser.openOwn('options.html');
    await options.getByText('stores your swipes and learns').waitFor();
    await options.close();
  });

  it('stores each swipe of the person once, also through a dead worker and an absent server', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage, { taste: 'water', profiles: 20, seed: 5 });
    const swiped: string[] = [];
    for (const by of ['key', 'button', 'key', 'button', 'key', 'key'] as const) swiped.push(await personSwipes(by));
    await expect.poll(async () => (await readOverlay(page)).remark, soon).toMatch(/^You: (left|right) · Swipenet: /);
    await shoot(page, 'learn-remark');
    await expect.poll(hidden, soon).toBe(true);
    await page.keyboard.press('Enter'); // a Super Like is no label
    await expect.poll(hidden, soon).toBe(false);
    await (await browser.worker()).evaluate(() => close()).catch(() => {});
    swiped.push(await personSwipes('key'));
    const deeds = (await deck.swipes()).filter(({ kind }) => kind !== 'super-like');
    expect(deeds.map(({ kind, trusted }) => [kind === 'like' ? 'right' : 'left', trusted])).toEqual(
      swiped.map((swipe) => [swipe, true]), // the person's own, and no other
    );
    await expect.poll(hidden, soon).toBe(true);
    await stage.server.stop(); // only once nothing is being scored, which it would still answer
    swiped.push(await personSwipes('key'));
    await page.keyboard.press('ArrowLeft'); // nothing was decided
    swiped.push('left');
    await stage.server.startAgain();
    swiped.push(await personSwipes('button'));
    await expect.poll(async () => (await swipes()).length, { ...soon, timeout: 80_000 }).toBe(swiped.length);
    const stored = (await swipes()).toReversed();
    expect(stored.map(({ swipe }) => swipe)).toEqual(swiped);
    const decided = swiped.map((_, at) => (at === swiped.length - 2 ? 'none' : 'hidden'));
    expect(stored.map(({ verdict }) => verdict)).toEqual(decided);
    expect(new Set(stored.map(({ profile }) => profile)).size).toBe(swiped.length);
  });

  it('deletes a label when the person takes the swipe back on the page or in the popup', async () => {
    shootOnFailure();
    const before = (await swipes()).length;
    await Deck.open(page, stage, { taste: 'water', profiles: 4, seed: 6 });
    await personSwipes('key');
    await expect.poll(async () => (await swipes()).length, soon).toBe(before + 1);
    await expect.poll(hidden, soon).toBe(true); // the next card
    await page.keyboard.press('Backspace');
    await expect.poll(async () => (await swipes()).length, soon).toBe(before);
    await personSwipes('button');
    await expect.poll(async () => (await swipes()).length, soon).toBe(before + 1);
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Undo last label' }).click();
    await expect.poll(async () => (await swipes()).length, soon).toBe(before);
    await page.bringToFront();
  });

  it('lets a version swipe only once its agreement is proven, or when the person insists', async () => {
    shootOnFailure();
    // Many more swipes, so that a version is learned: this person likes bright photos.
    for (let seed = 0; seed < 44; seed += 1) {
      const kind: Label = seed % 2 === 0 ? 'LIKE' : 'NOPE';
      const form = new FormData();
      form.append('photo', new Blob([new Uint8Array(await patchwork(seed, kind))]), 'photo.png');
      const fields = {
        site: 'test',
        profile: `photo ${seed}`,
        swipe: kind === 'LIKE' ? 'right' : 'left',
        verdict: 'none',
      };
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      await send('POST', ROUTES.swipes.path, form);
    }
    await send('POST', ROUTES.tasteLearn.path);
    await expect
      .poll(async () => (await taste()).learning.last, { ...soon, timeout: 60_000 })
      .toMatchObject({ kind: 'learned' });
    const [version] = (await taste()).versions.filter(({ isActive }) => isActive);
    const served = async () => modelAnswerSchema.parse(await (await send('GET', ROUTES.model.path)).json());
    await expect.poll(async () => (await served()).parent, soon).toBe(version!.id); // its int8 form

    const { id: model } = await served();
    const hiddenSwipe = { decidedBy: 'network', verdict: 'hidden', probability: 0.5, model } as const;
    await label({ ...hiddenSwipe, profile: 'a', swipe: 'right', decision: 'right' });
    await label({ ...hiddenSwipe, profile: 'b', swipe: 'left', decision: 'right' });
    await chooseMode(popup, 'Swipe');
    const deck = await Deck.open(page, stage, { taste: 'water', profiles: 6, seed: 7 });
    await expect.poll(() => popup.locator('#gate').isVisible(), soon).toBe(true);
    await expect.poll(() => deck.note.textContent(), soon).toMatch(/agree/i);
    await shoot(popup, 'popup-gate-shut');
    await popup.bringToFront();
    await expectAccessible(popup);
    await page.bringToFront();
    await shoot(page, 'gate-shut');
    expect(await deck.swipes()).toEqual([]);

    for (let at = 0; at < 40; at += 1) {
      const swipe = at % 2 === 0 ? 'right' : 'left';
      await label({ ...hiddenSwipe, profile: `agreed ${at}`, swipe, decision: swipe });
    }
    const { agreement } = await taste();
    expect(agreement.isOpen).toBe(true);
    await expect.poll(() => popup.locator('#gate').isVisible(), soon).toBe(false);
    const { agreed, disagreed } = agreement.likes;
    const tallies = () => popup.locator('#taste-tallies').textContent();
    await expect.poll(tallies, soon).toContain(`${agreed} of ${agreed + disagreed} (`);
    await shoot(popup, 'popup-gate-open');
    await chooseMode(popup, 'Learn');
    await expect.poll(() => popup.locator('#hint').textContent(), soon).toMatch(/^Learns from/);
    await shoot(popup, 'popup-learn');
    await chooseMode(popup, 'Swipe');
    await page.bringToFront();
    await page.bringToFront();
    await expect.poll(async () => (await deck.swipes()).length, soon).toBeGreaterThan(0);

    // The person's taste turns: the gate shuts, and swiping stops.
    for (let at = 0; at < 120; at += 1) {
      const swipe = at % 2 === 0 ? 'right' : 'left';
      const decision = swipe === 'right' ? 'left' : 'right';
      await label({ ...hiddenSwipe, profile: `turned ${at}`, swipe, decision });
    }
    expect((await taste()).agreement).toMatchObject({ isOpen: false, timesShut: 1 });
    await expect.poll(() => popup.locator('#gate').isVisible(), soon).toBe(true);
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Swipe anyway' }).click();
    await popup.getByRole('dialog').getByRole('button', { name: 'Swipe anyway' }).click();
    await expect.poll(() => popup.locator('#gate').isVisible(), soon).toBe(false);
  });

  it('leaves nothing on the disk when everything is deleted', async () => {
    shootOnFailure();
    const home = stage.server.home;
    const profile = Buffer.from((await swipes())[0]!.profile);
    expect(profile.length).toBeGreaterThan(8);
    const filesWith = (bytes: Buffer) =>
      readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => {
        const path = join(home, name);
        return statSync(path).isFile() && readFileSync(path).includes(bytes);
      });
    expect(filesWith(profile)).not.toEqual([]);
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Your data' }).click();
    await shoot(popup, 'popup-taste-data');
    await popup.bringToFront();
    await expectAccessible(popup);
    await popup.getByRole('button', { name: 'Delete everything' }).first().click();
    await popup
      .getByRole('dialog', { name: 'Delete everything?' })
      .getByRole('button', { name: 'Delete everything' })
      .click();
    await expect.poll(async () => (await swipes()).length, { ...soon, timeout: 30_000 }).toBe(0);
    await expect.poll(() => readdirSync(join(home, 'models')), soon).toEqual([]);
    expect(filesWith(profile)).toEqual([]);
    expect((await taste()).versions).toEqual([]);
  });
});
