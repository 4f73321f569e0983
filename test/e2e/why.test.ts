import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { expectControlClear } from '../support/control-clear.ts';
import { chooseMode } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { controlBox, controlText, focusControl, overlayStyle } from '../support/shown-overlay.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { Deck } from './deck.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

const soon = { timeout: 20_000, interval: 50 };

describe.skipIf(!chromium)('why, on the demo page', () => {
  let connected: ConnectedBrowser;

  beforeAll(async () => {
    connected = await openConnectedBrowser(chromium!, ['Ask me about close calls']);
  });

  afterAll(() => connected?.close());

  it('paints the photo, reads its cells by keyboard, and hides what is hidden', async () => {
    const { page, popup, stage } = connected;
    onTestFailed(async () => await takeScreenshot(page, 'failed-why'));
    const opacity = () => overlayStyle(page, 'map', 'opacity');
    const click = async (part: string) => {
      const { x, y, width, height } = (await controlBox(page, part))!;
      await page.mouse.click(x + width / 2, y + height / 2);
    };
    const deck = await Deck.open(page, stage, { seed: 1 });
    await expect.poll(() => deck.badge.textContent(), soon).toMatch(/%$/);
    expect(await opacity()).toBeUndefined();
    await expect.poll(() => controlBox(page, 'why'), soon).toBeDefined();
    // A click on what has just appeared doesn't count, and a busy browser looks late.
    const asked = async () => {
      if (!(await controlBox(page, 'why-panel'))) await click('why');
      return await opacity();
    };
    await expect.poll(asked, { ...soon, interval: 200 }).toBe('0.6');
    expect(await controlText(page, 'why-title')).toMatch(/^Photo 1: (LIKE|NOPE) \d+%$/);
    await focusControl(page, 'why-picture');
    await page.keyboard.press('ArrowRight');
    expect(await controlText(page, 'why-value')).toMatch(/^Row 4, column 4: (0\.00|[+−]\d+\.\d\d)$/);
    expect(await deck.swipes()).toEqual([]); // the page saw no key
    await takeScreenshot(page, 'why');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 740 });
    await expectControlClear(page, 'without room for the panel');
    await takeScreenshot(page, 'why-dark-360');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1100, height: 800 });
    await expectControlClear(page, 'with the map');

    await chooseMode(popup, 'Learn');
    await page.bringToFront();
    await expect.poll(() => controlText(page, 'why-value'), soon).toContain('Hidden');
    expect(await opacity()).toBeUndefined();
    const button = popup.getByRole('button', { name: 'Why?' });
    await expect.poll(() => button.isVisible(), soon).toBe(false);
    await chooseMode(popup, 'Show');
    await page.bringToFront();
    await expect.poll(opacity, soon).toBe('0.6');
    await popup.bringToFront();
    await expectAccessible(popup);
    await popup.evaluate(() => Object.assign(window, { close: () => {} })); // it is a tab here
    await button.click();
    await page.bringToFront();
    await expect.poll(() => controlBox(page, 'why-panel'), soon).toBeUndefined();
    await expect.poll(opacity, soon).toBeUndefined();
  });
});
