import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { builtDataset } from '../support/built-dataset.ts';
import { FIREFOX_ADVICE, findOrInstallFirefox } from '../support/find-firefox.ts';
import { FirefoxBrowser } from '../support/firefox-browser.ts';
import type { FirefoxTab } from '../support/firefox-tab.ts';
import { patchwork } from '../support/labeled-photos.ts';
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
    const copies = { 'copy-0.png': await patchwork(0, 'NOPE'), 'copy-1.png': await patchwork(1, 'NOPE') };
    await rename(await builtDataset({ LIKE: 16, NOPE: 16 }, 0, copies), join(server.home, 'datasets', 'flowers'));
    await expect.poll(() => tab.text('main'), soon).toContain('This page is ready'); // it has its session
    await go('data');
    await tab.click('a', 'flowers');
    await expect.poll(() => tab.text('.counts'), soon).toBe('34 photos, 1 selected');
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

  it('judges look-alikes by keyboard, undoes it, and knows the judged ones after a reload', async () => {
    shoot();
    const words = () => tab.text('.pair-words');
    await go('data');
    await tab.click('a', 'flowers');
    await tab.click('a', 'Look-alikes side by side');
    await expect.poll(words, soon).toMatch(/^Pair 1 of 2not judged yet/);
    await tab.press('k');
    await expect.poll(words, soon).toMatch(/^Pair 2 of 2not judged yet/);
    await expect.poll(() => tab.text('.counts'), soon).toBe('1 left to judge');
    await tab.press('Control+z');
    await expect.poll(words, soon).toMatch(/^Pair 1 of 2not judged yet/);
    await tab.press('k');
    await expect.poll(words, soon).toMatch(/^Pair 2 of 2/);
    await tab.press('d');
    await expect.poll(() => tab.text('.counts'), soon).toBe('Every pair is judged.');
    await tab.goto(await tab.url());
    await expect.poll(() => tab.text('[aria-pressed=true]'), soon).toBe('Drop right (D)');
    await tab.press('ArrowLeft');
    await expect.poll(() => tab.text('[aria-pressed=true]'), soon).toBe('Keep both (K)');
    await takeScreenshot(tab, 'studio-look-alikes-firefox');
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
