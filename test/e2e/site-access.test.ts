import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { consent, type ExtensionBrowser, fitPopup } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { openTinderBrowser } from '../twins/tinder-browser.ts';

// A browser that withholds the hosts of the manifest, as after a choice of “on click” in its extension settings. The
// browser's own prompt can't be answered from outside, so its settings page answers for the person.

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** What the browser's settings page can do with an extension. */
interface SettingsPage {
  readonly chrome: {
    readonly developerPrivate: {
      updateExtensionConfiguration(update: { extensionId: string; hostAccess: 'ON_CLICK' }): Promise<void>;
      addHostPermission(extensionId: string, origin: string): Promise<void>;
    };
  };
}

/** What the test uses of the extension's own pages. */
interface OwnPage {
  readonly chrome: {
    readonly permissions: { request: (asked: { origins: string[] }) => Promise<boolean> };
    readonly storage: {
      readonly local: { get(key: string): Promise<{ settings?: object }>; set(values: object): Promise<void> };
    };
  };
  readonly allow: (origins: readonly string[]) => Promise<void>;
}

describe.skipIf(!chromium)('a browser that withholds site access', () => {
  let twin: TwinServer;
  let scorer: StubScorer;
  let browser: ExtensionBrowser;
  let settings: Page;
  let page: Page;
  let popup: Page;
  /** The extension's ID. */
  let id: string;

  beforeAll(async () => {
    [twin, scorer] = await Promise.all([TwinServer.start({ profiles: 20 }), StubScorer.start()]);
    browser = await openTinderBrowser(chromium!, twin);
    browser.context.setDefaultTimeout(8_000);
    await consent(browser);
    settings = await browser.context.newPage();
    await settings.goto('chrome://extensions');
    page = await browser.context.newPage();
    popup = await browser.openOwn('popup.html');
    id = new URL(popup.url()).host;
    await popup.exposeFunction('allow', async (origins: readonly string[]) => {
      for (const origin of origins) await allow(origin);
    });
    const server = { address: scorer.url, token: scorer.token, profileKey: '' };
    await popup.evaluate(async (changed) => {
      const { chrome, allow } = globalThis as unknown as OwnPage;
      chrome.permissions.request = async ({ origins }) => {
        await allow(origins);
        return true;
      };
      const { local } = chrome.storage;
      const { settings } = await local.get('settings');
      await local.set({ settings: { ...settings, server: changed } });
    }, server);
  });

  afterAll(async () => {
    await browser?.close();
    await scorer?.stop();
    await twin?.close();
  });

  const withholdAll = () =>
    settings.evaluate(async (extensionId) => {
      const { developerPrivate } = (globalThis as unknown as SettingsPage).chrome;
      await developerPrivate.updateExtensionConfiguration({ extensionId, hostAccess: 'ON_CLICK' });
    }, id);

  const allow = (origin: string) =>
    settings.evaluate(
      async (given) => {
        const { developerPrivate } = (globalThis as unknown as SettingsPage).chrome;
        await developerPrivate.addHostPermission(...given);
      },
      [id, origin] as const,
    );

  async function shoot(what: Page, name: string): Promise<void> {
    await what.bringToFront();
    if (what === popup) expect(await fitPopup(popup), 'the browser cuts a popup at 600 px').toBeLessThanOrEqual(600);
    await takeScreenshot(what, name);
  }

  const notice = () => popup.locator('#access-text').textContent();
  const line = async () => (await readOverlay(page)).line;
  const soon = { timeout: 15_000, interval: 25 };

  it('names the site and its photos in the popup, and runs there once the person allows it', async () => {
    await withholdAll();
    await page.goto('https://tinder.com/app/recs');
    await expect.poll(notice, soon).toContain('access to tinder.com, images-ssl.gotinder.com, 127.0.0.1.');
    expect(await page.locator('swipenet-overlay').count()).toBe(0);
    await shoot(popup, 'popup-access-withheld');
    await expectAccessible(popup);
    await popup.getByRole('button', { name: 'Allow access' }).click();
    await expect.poll(notice, soon).toBe("Access allowed. Reload the dating page if it's open.");
    await shoot(popup, 'popup-access-allowed');
    await page.bringToFront();
    await page.reload();
    await expect.poll(line, soon).toMatch(/Swipe/);
  });

  it('names the photos’ host on the page and in the popup, and continues once the person allows it', async () => {
    await withholdAll();
    for (const origin of ['https://tinder.com/*', 'http://127.0.0.1/*']) await allow(origin);
    await page.bringToFront();
    await page.reload();
    await expect.poll(line, soon).toContain('download photos from images-ssl.gotinder.com. Click the Swipenet icon');
    await shoot(page, 'overlay-access-withheld');
    await expect.poll(notice, soon).toContain('access to images-ssl.gotinder.com.');
    await expect.poll(() => popup.locator('#status').isVisible(), soon).toBe(false); // it would say the same
    await shoot(popup, 'popup-photo-access-withheld');
    await popup.getByRole('button', { name: 'Allow access' }).click();
    await page.bringToFront();
    await expect.poll(line, soon).toMatch(/Swipe/);
  });

  it('names the server’s host if only that is withheld', async () => {
    await withholdAll();
    for (const origin of ['https://tinder.com/*', 'https://images-ssl.gotinder.com/*']) await allow(origin);
    await page.reload();
    await expect
      .poll(line, soon)
      .toContain("Can't reach the server. Your browser doesn't let Swipenet reach 127.0.0.1");
    await expect.poll(notice, soon).toContain('access to 127.0.0.1.');
  });
});
