import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { expectAccessible, expectReflow } from '../support/accessible.ts';
import { storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { PAGE_STATES } from './page-states.ts';

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

describe.skipIf(!chromium)('every page in every state', () => {
  let connected: ConnectedBrowser;
  let settings: Settings;

  beforeAll(async () => {
    connected = await openConnectedBrowser(chromium!, []);
    const { browser, stage, page } = connected;
    await page.goto(stage.server.link); // a session of the start page
    await page.getByText('This page is ready').waitFor();
    const stored = await storeSettings(browser, {});
    settings = { ...stored, mode: 'show', taste: { ...stored.taste, consent: 'loopback' } };
  });

  afterAll(() => connected?.close());

  it.each(PAGE_STATES)('is accessible, and fits narrow and zoomed windows: %s, %s', async (name, state, open) => {
    const page = await open({ ...connected, settings });
    await expectAccessible(page);
    await expectReflow(page, (size) => takeScreenshot(page, `${name} ${state} ${size}`, { fullPage: true }));
    await page.close();
  });
});
