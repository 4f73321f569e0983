import { seededRandom } from '@swipenet/shared/random.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import * as z from 'zod';
import { expectAccessible } from '../support/accessible.ts';
import { chooseMode, consentToLearning, type ExtensionBrowser } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { storeBios, storedBios } from '../support/made-words.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);

const soon = { timeout: 20_000, interval: 20 };

/** The person of this deck decides by the bio alone. */
const taste = 'outdoors';

const profilesSchema = z.array(z.object({ id: z.string(), bio: z.string(), wouldLike: z.boolean() }));

describe.skipIf(!chromium)('the words of bios in a real browser', () => {
  let connected: ConnectedBrowser;
  let stage: Stage;
  let browser: ExtensionBrowser;
  let page: Page;
  let popup: Page;
  let options: Page;

  beforeAll(async () => {
    connected = await openConnectedBrowser(chromium!, ['Ask me about close calls', 'Spot checks']);
    ({ stage, browser, page, popup, options } = connected);
    await consentToLearning(browser);
  });

  afterAll(() => connected?.close());

  const shoot = async (what: Page, name: string) => {
    await what.bringToFront();
    await takeScreenshot(what, name);
  };
  const profiles = async (seed: number, count: number) => {
    const answer = await fetch(`${stage.pageUrl}/profiles?seed=${seed}&profiles=${count}&taste=${taste}`);
    return profilesSchema.parse(await answer.json());
  };
  const hidden = async () => (await readOverlay(page)).line === 'Scored. Hidden until you swipe';
  const line = async () => (await readOverlay(page)).line ?? '';
  const count = async () => (await storedBios(options)).bios.length;
  const words = () => options.getByRole('checkbox', { name: 'Learn from the words of bios, too' });
  const state = () => options.locator('#words-state').textContent();

  /** The person swipes the card on top once its hidden verdict is there. */
  async function personSwipes(key: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
    await page.bringToFront();
    await expect.poll(hidden, soon).toBe(true);
    const before = await count();
    await page.keyboard.press(key);
    const dismiss = page.locator('[data-demo=dismiss]');
    if (await dismiss.isVisible()) await dismiss.click();
    await expect.poll(count, soon).toBe(before + Number(await words().isChecked()));
  }

  it('are left alone until the person turns them on', async () => {
    await chooseMode(popup, 'Learn');
    await Deck.open(page, stage, { taste, profiles: 2, seed: 31 });
    await personSwipes('ArrowLeft');
    await expect.poll(async () => (await stage.server.swipes()).length, soon).toBe(1);
    expect(await storedBios(options)).toEqual({ bios: [], seeds: [] });
    await options.bringToFront();
    expect(await words().isChecked()).toBe(false);
    await words().check();
    await expect.poll(state, soon).toContain('0 likes and 0 passes');
    await expectAccessible(options);
    await options.locator('#words').scrollIntoViewIfNeeded();
    await shoot(options, 'words-options-on');
  });

  it('are kept with their labels, as numbers, and go with them', async () => {
    await Deck.open(page, stage, { taste, profiles: 5, seed: 32 });
    await personSwipes('ArrowRight');
    await personSwipes('ArrowLeft');
    expect((await storedBios(options)).bios.map(({ isLiked }) => isLiked).toSorted()).toEqual([false, true]);
    for (const { bio } of await profiles(32, 5)) {
      expect(JSON.stringify(await storedBios(options))).not.toContain(bio.slice(0, 12));
    }
    await page.keyboard.press('Backspace'); // takes the last swipe back
    await expect.poll(count, soon).toBe(1);
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Undo last label' }).click();
    await expect.poll(count, soon).toBe(0);
  });

  it('join the decision once they predict it, say why, and are what is reported', async () => {
    onTestFailed(async () => {
      console.error('the overlay says', await readOverlay(page));
      await shoot(page, 'failed-words');
    });
    const random = seededRandom(5);
    const made = (await profiles(33, 120)).map(({ bio, wouldLike }) => {
      return { bio, isLiked: wouldLike, photos: 0.05 + 0.9 * random() }; // these photos say nothing
    });
    await storeBios(options, made);
    await options.bringToFront();
    await options.reload();
    await expect.poll(state, soon).toMatch(/120.*join the decision/);
    await options.locator('#words').scrollIntoViewIfNeeded();
    await shoot(options, 'words-options-join');

    await chooseMode(popup, 'Show');
    const deck = await Deck.open(page, stage, { taste, profiles: 8, seed: 34 });
    await expect.poll(line, soon).toMatch(/photos and bio together/);
    await shoot(page, 'words-overlay');
    await chooseMode(popup, 'Learn');
    const before = await stage.server.swipes();
    const liked = new Map(
      (await profiles(34, 8)).map(({ id, bio }) => [id, /walks|mountains|swimming|trees/.test(bio)]),
    );
    const top = await deck.active();
    await expect.poll(hidden, soon).toBe(true);
    await personSwipes('ArrowRight');
    await expect.poll(async () => (await stage.server.swipes()).length, soon).toBe(before.length + 1);
    const [label] = await stage.server.swipes();
    expect(label!.before).toMatchObject({ decidedBy: 'words', decision: liked.get(top!) ? 'right' : 'left' });

    await chooseMode(popup, 'Swipe');
    await page.bringToFront();
    // Not all eight: a photo that a busy server can't score in time leaves its profile to the person.
    await expect.poll(async () => (await deck.swipes()).length, { ...soon, timeout: 40_000 }).toBeGreaterThan(4);
    const swiped = (await deck.swipes()).slice(1); // all but the person's own
    const right = swiped.filter(({ kind, profile }) => (kind === 'like') === liked.get(profile));
    expect(right.length).toBeGreaterThanOrEqual(swiped.length - 1); // the photos have a say, too

    const history = await browser.openOwn('swipe-history.html');
    await history.locator('#rows .why').filter({ hasText: 'photos and bio together' }).first().waitFor();
    await expect
      .poll(() => history.locator('#rows .why').allTextContents(), soon)
      .toEqual(
        expect.arrayContaining([expect.stringMatching(/· .*\b(?:walks|mountains|swimming|trees|lake)\b.* \+\d\.\d/)]),
      );
    await history.locator('#rows .why').filter({ hasText: 'photos and bio together' }).first().click();
    await history.getByRole('dialog').waitFor();
    await shoot(history, 'words-history');
    await history.close();
  });

  it('are deleted with everything, and when the person turns them off', async () => {
    expect(await count()).toBeGreaterThan(100);
    await options.bringToFront();
    await words().uncheck();
    await expect.poll(() => storedBios(options), soon).toEqual({ bios: [], seeds: [] });
    await words().check();
    await storeBios(options, [{ bio: 'Tea.', isLiked: true, photos: 0.5 }]);
    await popup.bringToFront();
    await chooseMode(popup, 'Learn');
    await popup.getByRole('button', { name: 'Your data' }).click();
    await popup.getByRole('button', { name: 'Delete everything' }).first().click();
    await popup
      .getByRole('dialog', { name: 'Delete everything?' })
      .getByRole('button', { name: 'Delete everything' })
      .click();
    await expect.poll(() => storedBios(options), soon).toEqual({ bios: [], seeds: [] });
  });
});
