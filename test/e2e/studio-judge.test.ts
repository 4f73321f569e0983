import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnDataset } from '../support/drawn-dataset.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** The number of LIKE photos in the test set. */
const LIKES = 8;

describe.skipIf(!chromium)('the Judge screen', () => {
  let studio: StudioBrowser;
  const dataset = () => join(studio.server.home, 'datasets', 'drawn');

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
    await drawnDataset(join(studio.server.home, 'pictures'), dataset(), 2 * LIKES);
  });

  afterAll(() => studio?.close());

  /** Has a model judged on the test set, and waits for the results. */
  async function judged(model: string): Promise<Page> {
    const page = await studio.openScreen('/judge');
    await page.getByRole('combobox', { name: /^Model/ }).selectOption(model);
    await page.getByRole('combobox', { name: /^Part/ }).selectOption('test');
    await page.getByRole('button', { name: 'Judge', exact: true }).click();
    await page.getByRole('heading', { name: 'Confusion matrix of photos' }).waitFor({ timeout: 40_000 });
    return page;
  }

  /** Adds the embedded model with another rule and a high threshold. */
  function installStrict(): void {
    const models = join(studio.server.home, 'models');
    mkdirSync(models, { recursive: true });
    const folder = join(studio.server.home, 'strict'); // moved when it is whole, because the server looks every second
    cpSync(join(EMBEDDED_MODEL.folder, 'quality'), folder, { recursive: true });
    const path = join(folder, 'manifest.json');
    const { threshold: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
    const decision = { rule: 'profile', threshold: 0.99, largestShare: 1, perLogCount: 0 };
    writeFileSync(path, JSON.stringify({ ...manifest, id: 'strict', decision }));
    renameSync(folder, join(models, 'strict'));
  }

  const slider = (page: Page) => page.getByRole('slider', { name: 'LIKE from' });
  const cell = (page: Page, label: string, verdict: string) =>
    page.getByRole('button', { name: `photos labeled ${label} and called ${verdict}` });
  const countIn = async (page: Page, label: string, verdict: string) =>
    Number(await cell(page, label, verdict).locator('.count').textContent());

  it('judges a model, and opens the pictures of a cell', async () => {
    const page = await judged('quality');
    const right = await countIn(page, 'LIKE', 'LIKE');
    expect(right).toBeGreaterThan(4);
    expect((await countIn(page, 'LIKE', 'NOPE')) + right).toBe(LIKES);
    await cell(page, 'LIKE', 'LIKE').press('Enter');
    const pictures = page.getByRole('region', { name: `${right} photos labeled LIKE and called LIKE` });
    expect(await pictures.getByRole('button', { name: /^Photo \d+ LIKE/ }).count()).toBe(right);
    await pictures
      .getByRole('button', { name: /^Photo/ })
      .first()
      .press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/LIKE\/profile-\d+\/\d+\.jpg/).waitFor();
    const before = await dialog.getByRole('heading').textContent();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => dialog.getByRole('heading').textContent()).not.toBe(before);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectFits(page, 'judge');
    await page.close();
  });

  it('shows at once what another threshold would change, by keyboard', async () => {
    const page = await judged('quality');
    await page.getByText('This is the model’s own threshold.').waitFor();
    await slider(page).press('End');
    expect(await countIn(page, 'NOPE', 'LIKE')).toBe(0);
    expect(await page.getByText(/become NOPE/).textContent()).toMatch(
      /own 40\.0%, \d+ photos and \d+ profiles? become/,
    );
    await slider(page).press('Home');
    expect(await countIn(page, 'LIKE', 'LIKE')).toBe(LIKES);
    await slider(page).press('ArrowRight');
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('0.1%');
    await page.getByRole('radio', { name: 'profiles' }).check();
    await page.getByRole('heading', { name: 'Confusion matrix of profiles' }).waitFor();
    await page.getByRole('button', { name: 'profiles labeled LIKE and called LIKE' }).click();
    expect(await page.getByRole('heading', { name: /^Profile \d+: [\d.]+%$/ }).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Back to the model’s own' }).click();
    await page.getByText('This is the model’s own threshold.').waitFor();
    await page.close();
  });

  it('filters the photos of Data by what the model said about them', async () => {
    const judge = await judged('quality');
    const [missed, liked] = [await countIn(judge, 'LIKE', 'NOPE'), await countIn(judge, 'NOPE', 'LIKE')];
    await judge.close();
    const page = await studio.openScreen('/data');
    await page.getByRole('link', { name: 'drawn', exact: true }).click();
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'quality (test)' });
    await page.getByText(`${2 * LIKES} photos, 1 selected`).waitFor();
    const shown = async () => Number.parseInt((await page.getByText(/photos, \d+ selected/).textContent())!, 10);
    await page.getByRole('spinbutton', { name: 'to %' }).fill('50');
    await page.keyboard.press('Tab');
    await expect.poll(shown).toBeLessThan(2 * LIKES);
    const low = await shown();
    await page.getByRole('spinbutton', { name: 'to %' }).fill('100');
    await page.getByRole('spinbutton', { name: 'LIKE from %' }).fill('50.000001');
    await page.keyboard.press('Tab');
    await expect.poll(shown).toBe(2 * LIKES - low);
    await page.getByRole('spinbutton', { name: 'LIKE from %' }).fill('0');
    await page.getByRole('checkbox', { name: 'Model disagrees with the label' }).check();
    await expect.poll(shown).toBe(missed + liked);
    await page.getByRole('checkbox', { name: 'Model disagrees with the label' }).uncheck();
    await page.getByText('LIKE, by the model').waitFor();
    await expectFits(page, 'data by a model');
    await page.close();
  });

  it('compares two models on the same photos, and shows only what they decide differently', async () => {
    installStrict();
    const page = await judged('quality');
    const other = page.getByRole('combobox', { name: /^Compare with/ });
    await other.selectOption({ label: 'strict (scores the photos first)' });
    await page.getByText(/they differ on \d+ photos of 16: quality is right on/).waitFor({ timeout: 40_000 });
    const flips = page.getByRole('region', { name: /^LIKE → NOPE/ }).getByRole('button', { name: /^Photo/ });
    const words = await flips.first().textContent();
    expect(words).toMatch(/(?:LIKE|NOPE) ([\d.]+%) → \1$/); // the same network, with another threshold
    await page.getByRole('radio', { name: 'profiles' }).check();
    await page.getByText(/they differ on \d+ profiles? of 8|Both models label all 8 profiles/).waitFor();
    await page.getByRole('radio', { name: 'photos' }).check();
    await expectFits(page, 'judge comparison');
    await page.close();
  });

  it('leaves no error in the console', () => expect(studio.errors).toEqual([]));

  it('says why an evaluation failed', async () => {
    truncateSync(join(dataset(), 'shard-00000.gray'), 65_536);
    const page = await studio.openScreen('/judge');
    await page.getByRole('button', { name: 'Judge', exact: true }).click();
    await page.getByText(/isn’t done: .*shard-00000.gray has 65536 bytes, expected/).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Waiting').or(page.getByRole('meter')).first().waitFor();
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('This evaluation doesn’t exist (any more)').waitFor();
    await page.close();
  });

  it('says that a dataset is gone, and keeps what was scored', async () => {
    const page = await judged('quality');
    rmSync(join(dataset(), 'dataset.json'));
    await page.reload();
    await page.getByText('was deleted or moved, so its pictures can’t be shown').waitFor();
    expect(await countIn(page, 'LIKE', 'LIKE')).toBeGreaterThan(4);
    await page.goto(`${studio.server.url}/studio/judge`);
    await page.getByRole('button', { name: 'Delete strict on drawn, test' }).click();
    await page.getByText('Deleted the evaluation of strict on drawn, test.').waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.close();
  });
});
