import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { Keyboard } from '../support/keyboard.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const soon = { timeout: 20_000, interval: 20 };

/** Where a person walks: a browser whose extension is as after the installation, and a server with a session in it. */
interface Ground {
  readonly browser: ExtensionBrowser;
  readonly stage: Stage;
}

/** Waits for the tab that something opens. */
async function opened(browser: ExtensionBrowser, act: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([browser.context.waitForEvent('page'), act()]);
  return page;
}

/** Consents and connects, from the page that the extension opens. Returns the options, which are connected. */
export async function connectByKeyboard({ browser, stage }: Ground): Promise<Page> {
  const start = new Keyboard(await browser.context.newPage());
  await start.page.goto(`${stage.server.url}/`);
  await start.page.getByText('This page is ready').waitFor();
  const own = new Keyboard(await browser.openOwn('consent.html'));
  await own.press(own.page.getByRole('button', { name: 'I agree' }));
  await own.expectFocus();
  await own.press(own.page.getByRole('link', { name: 'Connect to the server' }));
  await start.press(start.page.getByRole('button', { name: 'Allow' }));
  await start.expectFocus();
  await own.page.getByText('Paired and saved').waitFor();
  await start.page.close();
  return own.page;
}

/** Moves the threshold, writes a rule, nearly leaves, and saves. */
export async function setOptionsByKeyboard({ browser }: Ground, options: Page): Promise<void> {
  const keyboard = new Keyboard(options);
  await options.bringToFront();
  const slider = options.getByRole('slider', { name: 'LIKE threshold' });
  await expect.poll(() => slider.isEnabled(), soon).toBe(true);
  await keyboard.press(slider, 'ArrowRight');
  await keyboard.press(options.getByRole('checkbox', { name: 'The bio must have none of these words' }), 'Space');
  await keyboard.fill(options.getByRole('textbox', { name: 'The bio must have none of these words' }), 'astrology');
  await options.getByText('You have unsaved changes').waitFor();
  await storeSettings(browser, { patience: 2 }); // as another tab does
  await expect.poll(() => options.getByLabel('Patience, in percent').inputValue(), soon).toBe('200');
  const asked = options.waitForEvent('dialog');
  await options.evaluate(() => void setTimeout(() => location.reload()));
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await keyboard.press(options.getByRole('button', { name: 'Save' }));
  await options.getByText('Saved.', { exact: true }).waitFor();
  await keyboard.expectFocus();
  await options.getByText('You have unsaved changes').waitFor({ state: 'hidden' });
  const { thresholds, patience, rules } = await storeSettings(browser, {});
  expect([thresholds.chosen, patience, rules.mustNotHave]).toMatchObject([
    [{ model: 'quality', threshold: 0.405 }],
    2,
    { on: true, value: ['astrology'] },
  ]);
}

/** Chooses Learn in the popup, and consents to learning. Returns the popup. */
export async function learnByKeyboard({ browser }: Ground): Promise<Page> {
  const popup = new Keyboard(await browser.openOwn('popup.html'));
  const learn = popup.page.getByRole('radio', { name: 'Learn' });
  await popup.press(popup.page.getByRole('radio', { name: 'Show' }), 'ArrowRight');
  await expect.poll(() => learn.isChecked(), soon).toBe(true);
  await popup.expectFocus();
  const decide = popup.page.getByRole('link', { name: 'Read and decide' });
  const consent = new Keyboard(await opened(browser, () => popup.press(decide)));
  await consent.press(consent.page.getByRole('button', { name: 'Learn from my swipes' }));
  await consent.page.getByText('Learning is on').waitFor();
  await consent.expectFocus();
  await consent.page.close();
  return popup.page;
}

/** Swipes three cards of the demo deck in Learn. Their labels are on the server then. */
export async function swipeByKeyboard({ browser, stage }: Ground): Promise<void> {
  const page = await browser.context.newPage();
  await Deck.open(page, stage, { profiles: 4, taste: 'water', seed: 9 });
  for (const [at, key] of ['ArrowRight', 'ArrowLeft', 'ArrowLeft'].entries()) {
    await expect.poll(async () => (await readOverlay(page)).line, soon).toBe('Scored. Hidden until you swipe');
    await page.keyboard.press(key);
    if (await page.locator('[data-demo=dismiss]').isVisible()) await page.keyboard.press('Enter');
    await expect.poll(async () => (await stage.server.swipes()).length, soon).toBe(at + 1);
  }
  await page.close();
}

/** Opens the history from the popup, corrects the newest swipe, and deletes the next one. Returns the history. */
export async function changeHistoryByKeyboard({ browser, stage }: Ground, popup: Page): Promise<Page> {
  await popup.bringToFront();
  const link = popup.getByRole('link', { name: 'History' });
  const history = new Keyboard(await opened(browser, () => new Keyboard(popup).press(link)));
  const { page } = history;
  const rows = page.locator('#rows .who');
  await expect.poll(() => rows.allTextContents(), soon).toEqual(['You: left', 'You: left', 'You: right']);
  const dialog = page.getByRole('dialog', { name: 'Swipe' });
  await history.press(page.locator('#rows [tabindex="0"]'));
  await history.expectFocus();
  await history.press(dialog.getByRole('button', { name: 'Make it right' }));
  await dialog.getByText('Corrected.').waitFor();
  await history.expectFocus();
  await page.keyboard.press('Escape');
  await history.expectFocus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await history.press(dialog.getByRole('button', { name: 'Delete' }));
  await page.getByText('Deleted 1 swipe.').waitFor(soon);
  await expect.poll(() => rows.allTextContents(), soon).toEqual(['You: left, corrected: right', 'You: right']);
  await history.expectFocus();
  const row = page.locator('#rows > div:focus-within .who');
  await expect.poll(() => row.textContent(), { ...soon, message: 'the next row' }).toBe('You: right');
  // The page waits 2 s for the server at most.
  await expect
    .poll(async () => (await stage.server.swipes()).map(({ swipe }) => swipe), soon)
    .toEqual(['right', 'right']);
  return page;
}

/** Deletes and withdraws, which takes away the buttons that do it. The focus stays near each of them. */
export async function endByKeyboard({ browser }: Ground, history: Page, options: Page): Promise<void> {
  const expectFocusOn = (page: Page, id: string) =>
    expect.poll(() => page.evaluate(() => document.activeElement?.id), soon).toBe(id);
  const past = new Keyboard(history);
  const sure = history.getByRole('dialog').getByRole('button', { name: 'Delete' });
  await past.press(history.locator('#rows [tabindex="0"]'));
  await past.press(sure);
  await history.getByText('1 of 1').waitFor();
  await past.expectFocus();
  await past.press(history.getByRole('button', { name: 'Delete everything' }));
  await past.press(sure);
  await history.getByText('No swipes yet.').waitFor();
  await past.expectFocus();

  await options.bringToFront();
  const settings = new Keyboard(options);
  await settings.press(options.getByRole('button', { name: 'Stop learning' }));
  await settings.expectFocus();
  await expectFocusOn(options, 'taste-decide');
  await settings.press(options.getByRole('button', { name: 'Withdraw consent' }));
  await settings.expectFocus();
  await expectFocusOn(options, 'ask-consent');

  const consent = new Keyboard(await browser.openOwn('consent.html'));
  await consent.press(consent.page.getByRole('button', { name: 'Not now' }));
  await consent.expectFocus();
  await expectFocusOn(consent.page, 'answer');
  await consent.page.close();
}
