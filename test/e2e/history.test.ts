import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { chooseMode, consentToLearning, type ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { Keyboard } from '../support/keyboard.ts';
import { madeHistory, storedHistory, storeHistory } from '../support/made-history.ts';
import { addOwnModel } from '../support/own-model.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);

const soon = { timeout: 20_000, interval: 20 };

describe.skipIf(!chromium)('the history in a real browser', () => {
  let connected: ConnectedBrowser;
  let stage: Stage;
  let browser: ExtensionBrowser;
  let page: Page;
  let popup: Page;
  let history: Page;

  beforeAll(async () => {
    const turnedOff = ['Ask me about close calls', 'Spot checks'];
    connected = await openConnectedBrowser(chromium!, turnedOff, ['--allow-model-change']);
    ({ stage, browser, page, popup } = connected);
    addOwnModel(stage.server.home, 'mine');
    await connected.options.close();
    history = await browser.openOwn('swipe-history.html');
  });

  afterAll(() => connected?.close());

  /** The swipes that the list shows, such as `You: right`, newest first. */
  const listed = () => history.locator('#rows .who').allTextContents();
  const shoot = async (name: string) => {
    await history.bringToFront();
    await takeScreenshot(history, name, { fullPage: true });
  };
  const choose = async (kind: string) => {
    await history.bringToFront();
    await history.getByLabel('Kind').selectOption(kind);
  };

  it('names its charts before there is anything to draw', async () => {
    const names = await history.locator('.chart').evaluateAll((charts) => charts.map(({ ariaLabel }) => ariaLabel));
    expect(names).toEqual([expect.stringMatching(/^Swipes per day/), expect.stringMatching(/^Shares per day/)]);
  });

  it('lists the person’s swipes and Swipenet’s as they happen, whether or not it learns', async () => {
    const deck = await Deck.open(page, stage, { profiles: 3 });
    await expect.poll(() => deck.line.textContent(), soon).toMatch(/Swipe (left|right)/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(listed, soon).toEqual(['You: right']);
    expect(await stage.server.swipes()).toEqual([]); // Show mode: nothing is learned
    await consentToLearning(browser);
    await chooseMode(popup, 'Swipe');
    await page.bringToFront();
    // Two swipes: 5 s alone, 15 s beside another browser on two cores.
    await expect.poll(async () => (await listed()).length, { ...soon, timeout: 40_000 }).toBe(3);
    const deeds = (await deck.swipes()).map(({ kind }) => (kind === 'like' ? 'right' : 'left'));
    expect(await listed()).toEqual(deeds.map((swipe, at) => `${at === 0 ? 'You' : 'Swipenet'}: ${swipe}`).toReversed());
  });

  it('shows why, corrects a swipe through its label, and deletes both', async () => {
    await choose('Swiped by Swipenet');
    expect(await listed()).toHaveLength(2);
    await history.locator('#rows button').first().click();
    const dialog = history.getByRole('dialog', { name: 'Swipe' });
    await dialog.getByText(/^Photo 1/).waitFor();
    const [before] = await listed();
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('Corrected.').waitFor();
    const other = before === 'Swipenet: right' ? 'left' : 'right';
    await expect.poll(async () => (await listed())[0], soon).toBe(`${before}, corrected: ${other}`);
    // The page waits 2 s for the server at most.
    await expect.poll(async () => (await stage.server.swipes()).map(({ swipe }) => swipe), soon).toEqual([other]);
    await shoot('history-details');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await history.getByText('Deleted 1 swipe.').waitFor();
    await expect.poll(async () => (await listed()).length, soon).toBe(1);
    await expect.poll(() => stage.server.swipes(), soon).toEqual([]);
  });

  it('exports what it shows', async () => {
    const download = history.waitForEvent('download');
    await history.getByRole('button', { name: 'Export as CSV' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^time,site,swiped_by,swipe,/);
    expect(lines.slice(1, -1).map((line) => line.split(',')[2])).toEqual(['swipenet']);
  });

  it('stays usable with thousands of entries, by keyboard and on a narrow screen', async () => {
    await storeHistory(history, madeHistory({ count: 3_000, days: 60, nowMs: Date.now() - 3_600_000 }));
    await history.reload();
    await expect.poll(() => history.locator('[data-total=swipes]').textContent(), soon).toBe('3,002');
    await shoot('history');
    await history.getByRole('button', { name: 'Show all' }).focus();
    await history.locator('#rows [tabindex="0"]').focus();
    for (const [key, place] of [
      ['End', '3002'],
      ['ArrowUp', '3001'],
      ['Home', '1'],
    ] as const) {
      await history.keyboard.press(key);
      const focused = history.locator('#rows > div:focus-within');
      await expect.poll(() => focused.getAttribute('aria-posinset'), soon).toBe(place);
    }
    expect(await history.locator('#rows > div').count()).toBeLessThan(60);
    await history.getByText('As a table').click();
    await history.setViewportSize({ width: 320, height: 640 });
    await expect.poll(() => history.evaluate(() => document.documentElement.scrollWidth)).toBe(320); // once charts fit
    await shoot('history-320');
  });

  it('previews a threshold on it, keeps one for each model, and switches models, by keyboard and on a narrow screen', async () => {
    // As the model in use would have scored them.
    const entries = madeHistory({ count: 300, days: 3, nowMs: Date.now(), seed: 2 }).map((entry) => {
      const { verdict } = entry;
      return { ...entry, id: `of ${entry.id}`, ...(verdict && { verdict: { ...verdict, model: 'quality-int8' } }) };
    });
    await storeHistory(history, entries);
    const options = new Keyboard(await browser.openOwn('options.html'));
    const { page: shown } = options;
    await shown.setViewportSize({ width: 320, height: 640 });
    const slider = shown.getByRole('slider', { name: 'LIKE threshold' });
    const preview = shown.locator('#threshold-preview');
    const value = shown.locator('#threshold-value');
    const places = () =>
      shown
        .locator('#deciding, #options')
        .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    await expect.poll(() => preview.textContent(), soon).toMatch(/^Of your last 200 profiles, \d+% would go right/);
    const before = [await preview.textContent(), ...(await places())];
    await options.tabTo(slider);
    await shown.keyboard.press('Home');
    expect(await preview.textContent()).toBe('Of your last 200 profiles, 100% would go right (200).');
    await shown.keyboard.press('End');
    expect(await preview.textContent()).toBe('Of your last 200 profiles, 0% would go right (0).');
    await shown.keyboard.press('ArrowLeft');
    expect(await slider.getAttribute('aria-valuetext')).toBe('99.5%');
    expect(await places(), 'nothing moves with the slider').toEqual(before.slice(1));
    const stored = async () =>
      (await storeSettings(browser, {})).thresholds.chosen.map(({ model, threshold }) => [model, threshold]);
    await expect.poll(stored, soon).toEqual([['quality', 0.995]]);
    await expectAccessible(shown);
    for (const colorScheme of ['light', 'dark'] as const) {
      await shown.emulateMedia({ colorScheme });
      await takeScreenshot(shown, `options-threshold-${colorScheme}`, { fullPage: true });
    }

    const use = async (id: string, ...back: string[]) => {
      for (const key of back) await shown.keyboard.press(key);
      await shown.keyboard.type(id);
      await options.press(shown.getByRole('button', { name: 'Use this model' }));
    };
    await use('mine', 'Shift+Tab', 'Shift+Tab'); // from the slider
    await shown.getByText('The server uses mine.').waitFor(soon); // once its engines have started
    await options.expectFocus();
    expect([await value.textContent(), await preview.textContent()]).toEqual([
      "40%, the model's own",
      'No preview yet. This model has scored 0 of the 5 profiles in your history that it takes.',
    ]);
    await use('quality', 'Shift+Tab');
    await shown.getByText('The server uses quality-int8.').waitFor(soon);
    expect(await value.textContent()).toBe('99.5%');
    await options.press(shown.getByRole('button', { name: "Use the model's own" }));
    await expect.poll(() => preview.textContent(), soon).toBe(before[0]);
    await expect.poll(stored, soon).toEqual([]);
    await shown.close();
    await history.reload(); // it shows what was stored behind its back
  });

  it('deletes a day, everything, and what is left when the consent is withdrawn', async () => {
    const today = await history.evaluate(() => new Date().toLocaleDateString('sv'));
    await history.getByLabel('Day', { exact: true }).fill(today);
    await history.getByRole('button', { name: 'Delete this day' }).click();
    await history.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await history.getByText('No swipes match.').waitFor();
    await history.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => history.locator('#rows > div').count(), soon).toBeGreaterThan(0);
    await history.getByRole('button', { name: 'Delete everything' }).click();
    await history.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await history.getByText('No swipes yet.').waitFor();
    await history.getByText('Everything is deleted.').waitFor();

    await Deck.open(page, stage, { profiles: 1, seed: 2 });
    await expect.poll(async () => (await listed()).length, soon).toBe(1);
    const options = await browser.openOwn('options.html');
    await options.getByRole('button', { name: 'Withdraw consent' }).click();
    await history.getByText('No swipes yet.').waitFor({ state: 'attached' });
    await expect.poll(() => storedHistory(history), soon).toEqual({ entries: [], keys: [] });
  });
});
