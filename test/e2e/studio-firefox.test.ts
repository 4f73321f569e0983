import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { builtDataset } from '../support/built-dataset.ts';
import { FIREFOX_ADVICE, findOrInstallFirefox } from '../support/find-firefox.ts';
import { FirefoxBrowser } from '../support/firefox-browser.ts';
import type { FirefoxTab } from '../support/firefox-tab.ts';
import { RealServer } from '../support/real-server.ts';
import { takeScreenshot } from '../support/screenshots.ts';

const firefox = findOrInstallFirefox();
if (!firefox && process.env.CI) throw new Error(`the Firefox test cannot run: ${FIREFOX_ADVICE}`);
if (!firefox) console.warn(`the Firefox test is skipped: ${FIREFOX_ADVICE}`);

const soon = { timeout: 20_000, interval: 100 };
const long = { timeout: 120_000, interval: 200 };

describe.skipIf(!firefox)('the studio in Firefox', () => {
  let server: RealServer;
  let browser: FirefoxBrowser;
  let tab: FirefoxTab;

  beforeAll(async () => {
    [server, browser] = await Promise.all([RealServer.start(), FirefoxBrowser.open(firefox!)]);
    tab = await browser.openTab(server.link);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  const shoot = () => onTestFailed(async () => await takeScreenshot(tab, 'failed-studio-firefox'));
  const go = async (screen: string) => await tab.goto(`${server.url}/studio/${screen}`);

  it('relabels by keyboard, undoes it, and saves a new version', async () => {
    shoot();
    await mkdir(join(server.home, 'datasets'), { recursive: true });
    await rename(await builtDataset({ LIKE: 16, NOPE: 16 }), join(server.home, 'datasets', 'flowers'));
    await expect.poll(() => tab.text('main'), soon).toContain('This page is ready'); // it has its session
    await go('data');
    await tab.click('a', 'flowers');
    await expect.poll(() => tab.text('.counts'), soon).toBe('32 photos, 1 selected');
    await expect.poll(() => tab.text('.tile.active .label'), soon).toMatch(/^(LIKE|NOPE)$/);
    const label = await tab.text('.tile.active .label');
    await tab.click('.tile.active');
    await tab.evaluate(() => document.querySelector<HTMLElement>('[role=grid]')!.focus());
    await tab.press(label === 'LIKE' ? 'n' : 'l');
    await expect.poll(() => tab.text('.tile.active'), soon).toContain('changed');
    await tab.press('Control+z');
    await expect.poll(() => tab.text('.tile.active'), soon).toBe(label);
    await tab.press(label === 'LIKE' ? 'n' : 'l');
    await expect.poll(() => tab.text('.tile.active'), soon).toContain('changed');
    await tab.click('button', 'Save as a new version');
    await expect.poll(() => tab.text('.browse h2'), soon).toBe('flowers-2');
  });

  it('trains on it and judges the model', async () => {
    shoot();
    await go('train');
    await tab.choose('flowers-2');
    await tab.click('button', 'Start training');
    await expect.poll(() => tab.text('[role=status]'), long).toMatch(/^Finished/);
    await go('judge');
    await tab.choose('flowers-2');
    await tab.click('button', 'Judge');
    await expect.poll(async () => (await tab.text('main'))?.includes('Confusion matrix of photos'), long).toBe(true);
    await takeScreenshot(tab, 'studio-judge-firefox');
  }, 240_000);
});
