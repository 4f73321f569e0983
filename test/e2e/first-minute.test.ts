import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { RealServer } from '../support/real-server.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import {
  changeHistoryByKeyboard,
  connectByKeyboard,
  endByKeyboard,
  learnByKeyboard,
  setOptionsByKeyboard,
  swipeByKeyboard,
} from './keyboard-walk.ts';

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** What a page of another port of this machine gets from the browser, and can try. */
async function otherPort(): Promise<{ server: Server; url: string; cookies: string[] }> {
  const cookies: string[] = [];
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '');
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Another program</title>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cookies };
}

describe.skipIf(!chromium)('the first minute', () => {
  let server: RealServer;
  let browser: ExtensionBrowser;
  let start: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([RealServer.start(), ExtensionBrowser.open(chromium!, { headless: true })]);
    browser.context.setDefaultTimeout(10_000);
    // The test’s server can’t count on the default port. Nothing else is set: no token, no consent.
    const options = await browser.openOwn('options.html');
    await options.getByLabel('Address', { exact: true }).fill(server.url);
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText(/^Saved/).waitFor();
    await options.close();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  const stage = () => ({ server, pageUrl: `${server.url}/demo`, close: async () => {} });

  async function shoot(page: Page, name: string): Promise<void> {
    const size = page.viewportSize()!;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await takeScreenshot(page, `${name}-${colorScheme}`, { fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `${width} px wide` })
        .toBe(width);
      await takeScreenshot(page, `${name}-${width}`, { fullPage: true });
    }
    await page.setViewportSize(size);
  }

  it('shows a page without a session what to do, and leaves no script error', async () => {
    const page = await browser.context.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    await page.goto(`${server.url}/`);
    await page.getByText('open the link that npm start printed').waitFor();
    expect([errors, await page.locator('#state').isVisible()]).toEqual([[], false]);
    await expectAccessible(page);
    await shoot(page, 'start-no-session');
    await page.close();
  });

  it('takes at most 4 clicks from the loaded extension to the first overlay', async () => {
    const consent = browser.context.pages().find((page) => page.url().endsWith('/consent.html'))!;
    let clicks = 0;
    const click = async (target: Locator) => {
      clicks += 1;
      await target.click();
    };
    start = await browser.context.newPage();
    await start.goto(server.link);
    await start.getByText('This page is ready').waitFor();
    expect(start.url()).toBe(`${server.url}/`); // the code is gone from the address and the history
    await start.getByText('Ready', { exact: true }).waitFor();
    await shoot(start, 'start');

    await consent.bringToFront();
    await click(consent.getByRole('button', { name: 'I agree' }));
    await click(consent.getByRole('link', { name: 'Connect to the server' }));
    const allow = start.getByRole('button', { name: 'Allow' });
    await allow.waitFor();
    // The start page knows of the request before the extension has the answer.
    await expect
      .poll(() => start.evaluate(() => document.visibilityState), { message: 'the extension brings it to the front' })
      .toBe('visible');
    const check = await start.locator('.check').textContent();
    await expect.poll(() => consent.locator('#connecting').textContent()).toContain(`same characters: ${check}`);
    await shoot(start, 'start-allow');
    await click(allow);
    const demo = start.locator('#pairings').getByRole('link', { name: 'Open the demo deck' });
    await demo.waitFor();
    expect(await start.evaluate(() => document.activeElement?.className), 'the focus isn’t lost').toBe('pairing');
    await shoot(start, 'start-connected');
    await click(demo);
    await expect
      .poll(async () => (await readOverlay(start)).line ?? '', { timeout: 20_000 })
      .toMatch(/Swipe right|Swipe left|Left to you/);
    expect(clicks).toBeLessThanOrEqual(4);
    console.log(`From the loaded extension to the first overlay: ${clicks} clicks`);
  });

  it('leads on from the options, to the demo deck and to tinder.com', async () => {
    const options = browser.context.pages().find((page) => page.url().includes('/options.html'))!;
    await options.bringToFront();
    await options.getByText('Paired and saved').waitFor();
    const links = options.locator('#next a');
    expect(await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))).toEqual([
      `${server.url}/demo`,
      'https://tinder.com/app/recs',
    ]);
    await expectAccessible(options);
    await takeScreenshot(options, 'options-connected');
    await options.reload(); // the address still says #connect-now
    await options.getByRole('button', { name: 'Connect', exact: true }).waitFor();
    expect(await options.locator('#connecting').isVisible(), 'a connected browser asks for nothing').toBe(false);
  });

  it('says so when the link is opened again in another browser', async () => {
    const other = await browser.context.browser()!.newContext();
    const page = await other.newPage();
    await page.goto(server.link);
    await page.getByText('The link was already used or is too old').waitFor();
    await other.close();
  });

  it('gives a page of another port the cookie but no use of it', async () => {
    const { server: program, url, cookies } = await otherPort();
    const page = await browser.context.newPage();
    await page.goto(`${url}/v1/`); // the cookie’s path
    expect(cookies[0]).toMatch(/^swipenet-\d+=/);
    const tried = await page.evaluate(
      async ([address, path]) => {
        const outcomes: unknown[] = [Object.keys(localStorage)];
        for (const init of [
          { credentials: 'include' },
          { credentials: 'include', headers: { 'X-Swipenet-Session': 'guess' } },
          { credentials: 'include', method: 'POST', body: '{}' },
          { credentials: 'include', mode: 'no-cors' },
        ] as RequestInit[]) {
          const answer = await fetch(`${address}${path}`, init).catch(() => undefined);
          outcomes.push(answer ? await answer.text() : 'blocked');
        }
        return outcomes;
      },
      [server.url, ROUTES.sessionPairings.path] as const,
    );
    expect(tried).toEqual([[], 'blocked', 'blocked', 'blocked', 'blocked']);
    // The program itself can send whatever it wants, but not the key.
    const headers = { Cookie: cookies[0]!, 'Sec-Fetch-Site': 'same-origin', Origin: server.url };
    const stolen = await fetch(`${server.url}${ROUTES.sessionPairings.path}`, { headers });
    expect([stolen.status, await stolen.json()]).toMatchObject([401, { error: { code: 'session_missing' } }]);
    await page.close();
    program.close();
  });

  it('needs no mouse, from the consent to the history, and never loses the focus', async () => {
    for (const page of browser.context.pages().slice(1)) await page.close();
    const { server: address, taste } = await storeSettings(browser, {});
    const nobody = { ...address, token: '', profileKey: '' };
    await storeSettings(browser, { consent: null, mode: 'show', server: nobody, taste: { ...taste, consent: null } });
    const ground = { browser, stage: stage() };
    const options = await connectByKeyboard(ground);
    await setOptionsByKeyboard(ground, options);
    const popup = await learnByKeyboard(ground);
    await swipeByKeyboard(ground);
    const history = await changeHistoryByKeyboard(ground, popup);
    await endByKeyboard(ground, history, options);
  });

  it('ends the session when the server stops, and says so', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${server.url}/`);
    await page.getByText('This page is ready').waitFor();
    await server.stop();
    await page.getByText('The server doesn’t respond').waitFor();
    await server.startAgain();
    await page.getByText('session has ended').waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});
