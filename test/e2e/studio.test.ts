import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { ROOT } from '../support/source-files.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

describe.skipIf(!chromium)('the studio', () => {
  let studio: StudioBrowser;

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
  });

  afterAll(() => studio?.close());

  it('shows the server and its machine', async () => {
    const page = await studio.openScreen('/');
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.getByRole('meter', { name: 'Processor' }).waitFor();
    await expectFits(page, 'home');
    await page.close();
  });

  it('lists the models, and compares two', async () => {
    const page = await studio.openScreen('/models');
    await page.getByRole('row', { name: /^quality active, / }).waitFor();
    await expectFits(page, 'models');
    await page.getByRole('link', { name: 'quality', exact: true }).click();
    await page.getByLabel('Compare with').selectOption('quality-int8');
    await expect
      .poll(() => page.getByRole('row', { name: /^precision \(differs\) fp32 int8 of quality/ }).count())
      .toBe(1);
    await expectFits(page, 'model details');
    await page.close();
  });

  it('exports a model, imports it under another ID, activates and deletes it', async () => {
    const page = await studio.openScreen('/models/quality');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export ONNX' }).click();
    const path = await (await download).path();
    await page.getByRole('link', { name: 'All models' }).click();
    await page.getByLabel('File').setInputFiles({ name: 'Mine.onnx', mimeType: '', buffer: readFileSync(path) });
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByText('Imported mine.').waitFor();
    await page.getByRole('link', { name: 'mine', exact: true }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('The server uses mine now').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete mine?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('mine is the active model; activate another one first').waitFor();
    await page.goto(`${studio.server.url}/studio/models/quality`);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('The server uses quality now').waitFor();
    await page.goto(`${studio.server.url}/studio/models/mine`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Import a model' }).waitFor();
    await page.getByRole('link', { name: 'mine', exact: true }).waitFor({ state: 'detached' });
    await page.close();
  });

  it('says why a file can’t be imported, and keeps nothing of it', async () => {
    const page = await studio.openScreen('/models');
    await page.getByLabel('File').setInputFiles({ name: 'x.onnx', mimeType: '', buffer: Buffer.from('not a model') });
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/ONNX/);
    expect(globSync('transfers/*', { cwd: studio.server.home })).toEqual([]);
    await page.close();
    studio.errors.length = 0; // the refused request
  });

  it('moves the focus to the screen that is opened, and can be walked by keyboard', async () => {
    const page = await studio.openScreen('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the screen');
    await page.getByRole('link', { name: 'Models' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('screen');
    expect(await page.title()).toBe('Models · Swipenet studio');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.close();
  });

  it('listens in one tab for all of them, and in the next one when that is closed', async () => {
    const listening: Page[] = [];
    const note = (page: Page) =>
      page.on('request', (request) => request.url().endsWith(ROUTES.studioEvents.path) && listening.push(page));
    studio.context.on('page', note);
    const pages = [await studio.openScreen('/'), await studio.openScreen('/')] as const;
    for (const page of pages) await page.getByText('Ready', { exact: true }).waitFor();
    expect(listening).toEqual([pages[0]]);
    await pages[0].close();
    await expect.poll(() => listening).toEqual(pages);
    await pages[1].close();
  });

  it('says that the server doesn’t respond, and comes back', async () => {
    const page = await studio.openScreen('/');
    await page.getByText('Ready', { exact: true }).waitFor();
    await studio.server.kill();
    await page.getByText('The server doesn’t respond').waitFor();
    await studio.server.startAgain();
    await page.getByText('open the link that').waitFor(); // sessions end with their server
    await studio.openSession(studio.server.link);
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.close();
    studio.errors.length = 0; // the failed requests
  });

  it('leaves no error in the console, and loads under 150 kB', () => {
    expect(studio.errors).toEqual([]);
    const files = globSync('dist/studio/**/*.{js,css,html}', { cwd: ROOT }).map((path) =>
      readFileSync(`${ROOT}/${path}`),
    );
    const bytes = files.map((file) => gzipSync(file).length).reduce((sum, size) => sum + size, 0);
    console.log(`the whole studio is ${(bytes / 1_000).toFixed(1)} kB, compressed`);
    expect(bytes).toBeLessThan(150_000);
  });
});
