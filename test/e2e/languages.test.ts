import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, expectReflow } from '../support/accessible.ts';
import { EXTENSION_FOLDER, type ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { buildWithTexts, builtTexts, pseudoTexts, type Texts } from '../support/language-build.ts';
import { madeHistory, storeHistory } from '../support/made-history.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { controlBox, overlayBoxes, overlayStyle, readControl, readOverlay } from '../support/shown-overlay.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { openTinderBrowser } from '../twins/tinder-browser.ts';

// The extension in its languages, and in one that doesn't exist: longer than all of them, so that a text which fits in
// English doesn't hide that it has no room.

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

const LANGUAGES = readdirSync(join(EXTENSION_FOLDER, '_locales'));
const PSEUDO = 'longer by 40%';
const PAGES = ['popup.html', 'options.html', 'consent.html', 'swipe-history.html'] as const;
const soon = { timeout: 20_000, interval: 25 };

describe.skipIf(!chromium).each([PSEUDO, ...LANGUAGES])('the extension in a language: %s', (language) => {
  let twin: TwinServer;
  let scorer: StubScorer;
  let browser: ExtensionBrowser;
  let texts: Texts;
  let folder: string;

  beforeAll(async () => {
    texts = language === PSEUDO ? pseudoTexts(await builtTexts('en')) : await builtTexts(language);
    folder = await buildWithTexts(texts);
    [twin, scorer] = await Promise.all([TwinServer.start({ profiles: 20 }), StubScorer.start()]);
    browser = await openTinderBrowser(chromium!, twin, { folder });
    browser.context.setDefaultTimeout(8_000);
    const page = await browser.openOwn('consent.html');
    for (const agreed of ['#agree', '#taste-agree']) await page.locator(agreed).click();
    await page.locator('#taste-said').waitFor();
    await page.close();
    const server = { address: scorer.url, token: scorer.token, profileKey: '' };
    await storeSettings(browser, { server, mode: 'learn' });
  });

  afterAll(async () => {
    await browser?.close();
    await scorer?.stop();
    await twin?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(PAGES)('fits narrow and zoomed windows, with all that it may show: %s', async (path) => {
    const page = await browser.openOwn(path);
    await page.locator('h1').filter({ hasText: /./ }).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.dir])).toEqual([
      texts.language!.message,
      texts.text_direction!.message,
    ]);
    if (path === 'swipe-history.html') {
      await storeHistory(page, madeHistory({ count: 200, days: 30, nowMs: Date.now() - 3_600_000 }));
      await page.reload();
      await page.locator('[data-total=swipes]').filter({ hasText: '200' }).waitFor();
    }
    const look = (state: string) => async (size: string) => {
      expect(await cutOff(page), `${path}, ${state}, ${size}`).toEqual([]);
      await takeScreenshot(page, `language ${language} ${path} ${state} ${size}`, { fullPage: true });
    };
    await look('as it is')('');
    await expectReflow(page, look('as it is'));
    if (texts.text_direction!.message === 'rtl') await expectAccessible(page);
    await showAll(page);
    await expectReflow(page, look('with everything'));
    for (const dialog of await page.locator('dialog').all()) {
      await dialog.evaluate((element) => (element as HTMLDialogElement).showModal());
      await expectReflow(page, look(`dialog ${await dialog.getAttribute('id')}`));
      await dialog.evaluate((element) => (element as HTMLDialogElement).close());
    }
    await page.close();
  });

  it('speaks on a page that is in another language and runs in another direction', async () => {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 1100, height: 800 });
    await storeSettings(browser, { mode: 'show' });
    await page.goto('https://tinder.com/app/recs?lang=en');
    const starts = ['decision_like_found', 'decision_all_nope'].map((key) => texts[key]!.message.slice(0, 6));
    const start = async () => (await readOverlay(page)).line?.slice(0, 6);
    await expect.poll(start, soon).toSatisfy((said) => starts.includes(said));
    const direction = texts.text_direction!.message;
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).direction)).toBe('ltr');
    expect(await overlayStyle(page, 'line', 'direction')).toBe(direction);
    expect(await overlayStyle(page, 'strip', 'direction'), 'as the page turns its photos').toBe('ltr');
    await takeScreenshot(page, `language ${language} overlay`);
    for (const mode of ['swipe', 'show'] as const) {
      await storeSettings(browser, { mode });
      await expect.poll(async () => (await readControl(page))?.button !== undefined, soon).toBe(mode === 'swipe');
      const { x, width } = (await controlBox(page))!;
      expect(x >= 0 && x + width <= 1100, 'the control is in the window').toBe(true);
      await takeScreenshot(page, `language ${language} control ${mode}`);
    }
    for (const { x, width } of await overlayBoxes(page)) expect(x >= 0 && x + width <= 1100).toBe(true);
    await page.close();
  });
});

/** Shows every part of a page that is hidden in this state. Dialogs stay closed. */
async function showAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('body [hidden]:not(input)')) element.hidden = false;
    for (const notice of document.querySelectorAll<HTMLElement>('p.notice:empty')) notice.hidden = true;
  });
}

/**
 * Lists the texts that stick out of the window or of their button. What scrolls by itself and what is shortened on purpose
 * is left out.
 */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement!;
      if (parent.closest('pre, option, #scroller, .scroll, .unseen, .uplot') || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, width } = range.getBoundingClientRect();
      const button = parent.closest('button, .switch label')?.getBoundingClientRect();
      const box = button ?? { left: 0, right: document.documentElement.clientWidth };
      if (width > 0 && (left < box.left - 1 || right > box.right + 1)) found.push(text.textContent!);
    }
    return found;
  });
}
