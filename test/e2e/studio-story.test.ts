import { mkdirSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { patchwork, writeLabeledPhotos } from '../support/labeled-photos.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** Work on the whole of a dataset, on a busy machine. */
const LONG = { timeout: 120_000 };

describe.skipIf(!chromium)('a model of one’s own, all in the browser', () => {
  let studio: StudioBrowser;
  let photos: string;

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
    // Two folders of a person who has mixed three photos up.
    photos = join(tmpdir(), `swipenet-story-${process.pid}`);
    mkdirSync(photos, { recursive: true });
    await writeLabeledPhotos(photos, { LIKE: 40, NOPE: 40 });
    for (let seed = 100; seed < 103; seed += 1) {
      await writeFile(join(photos, 'nope', `wrong-${seed}.png`), await patchwork(seed, 'LIKE'));
    }
    await writeFile(join(photos, 'like', 'notes.txt'), 'not a photo');
  });

  afterAll(() => studio?.close());

  const importFolders = async (page: Page, name: string) => {
    await page.getByLabel('Folder of photos you like').setInputFiles(join(photos, 'like'));
    await page.getByLabel('Folder of photos you don’t like').setInputFiles(join(photos, 'nope'));
    await page.getByLabel('Name of the new dataset').fill(name);
    await page.getByRole('button', { name: 'Import' }).click();
  };

  const train = async (page: Page, dataset: string) => {
    await page.goto(`${studio.server.url}/studio/train`);
    await page.getByLabel('Dataset').selectOption({ label: dataset });
    await page.getByLabel('Few photos').check();
    await page.getByLabel('Name').fill(dataset);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /^Finished/ })
      .first()
      .waitFor(LONG);
  };

  it('imports two folders, and names what was left out', async () => {
    const page = await studio.openScreen('/data');
    await page.getByText('doesn’t know any dataset yet').waitFor();
    await importFolders(page, 'mine');
    await page.getByText('mine has 83 photos.').waitFor(LONG);
    await page.getByText('1 file was left out').click();
    await page.getByText(/notes\.txt/).waitFor();
    await expectFits(page, 'data after an import');
    expect(readdirSync(join(studio.server.home, 'transfers'))).toEqual([]);
    expect(studio.errors).toEqual([]);
    await page.getByLabel('Name of the new dataset').fill('mine');
    await page.getByText('A dataset has the name mine already.').waitFor();
    await page.close();
  }, 180_000);

  it('is trained, its label errors are found and mended, and the next model is compared and used', async () => {
    const page = await studio.openScreen('/data');
    await train(page, 'mine');

    await page.goto(`${studio.server.url}/studio/data`);
    await page.getByRole('link', { name: 'mine', exact: true }).click();
    await page.getByRole('button', { name: 'Check labels' }).click();
    await page.getByRole('button', { name: 'Show them' }).click(LONG);
    await page.getByText('3 photos, 1 selected').waitFor();
    await page.getByText(/wrong-10\d\.png/).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByRole('heading', { name: 'mine-2' }).waitFor();
    await train(page, 'mine-2');

    await page.goto(`${studio.server.url}/studio/judge`);
    await page.getByRole('combobox', { name: /^Dataset/ }).selectOption({ label: 'mine-2' });
    await page.getByRole('combobox', { name: /^Model/ }).selectOption('mine-2');
    await page.getByRole('combobox', { name: /^Part/ }).selectOption('validation');
    await page.getByRole('button', { name: 'Judge', exact: true }).click();
    await page.getByRole('heading', { name: 'Confusion matrix of photos' }).waitFor(LONG);
    await page
      .getByRole('combobox', { name: /^Compare with/ })
      .selectOption({ label: 'mine (scores the photos first)' });
    await page.getByText(/they differ on \d+ photos? of|Both models label all/).waitFor(LONG);
    await takeScreenshot(page, 'studio story judge', { fullPage: true });

    await page.goto(`${studio.server.url}/studio/models/mine-2`);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByText('The server uses mine-2 now').waitFor(LONG);
    await page.goto(`${studio.server.url}/studio`);
    await page
      .getByText(/^mine-2/)
      .first()
      .waitFor();
    await page.close();
    expect(studio.errors).toEqual([]);
  }, 400_000);
});
