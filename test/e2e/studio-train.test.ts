import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '@swipenet/server/files/write-whole.ts';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import { readDatasetHead } from '@swipenet/server/training/dataset/dataset.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { writeRun } from '../support/made-run.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

// Runs that were made for the test. test/e2e/studio-train-run.test.ts trains real ones, which takes longer.

describe.skipIf(!chromium)('the screen for training', () => {
  let studio: StudioBrowser;
  let runs: string;

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
    const { home } = studio.server;
    runs = join(home, 'runs');
    const photos = join(home, 'photos');
    await writeLabeledPhotos(photos, { LIKE: 8, NOPE: 8 });
    const folder = join(home, 'datasets', 'flowers');
    const like = [join(photos, 'like')];
    const nope = [join(photos, 'nope')];
    await buildDataset({
      like,
      nope,
      out: folder,
      testPercent: 0,
      resize: 'squash',
      seed: 1,
      pairs: false,
      workers: 1,
    });
    const dataset = { folder, id: (await readDatasetHead(folder)).id };
    writeRun(runs, { name: 'roses', dataset, epochs: 12, stepsPerEpoch: 40, state: 'finished' });
    writeRun(runs, { name: 'tulips', dataset, epochs: 3, stepsPerEpoch: 20, state: 'running' }); // its process is gone
  });

  afterAll(() => studio?.close());

  it('lists runs with how they ended, also those that a command started, as they appear', async () => {
    const page = await studio.openScreen('/train');
    await page.getByRole('row', { name: /^roses Finished .*epoch 12\.0 of 12/ }).waitFor();
    await page.getByRole('row', { name: /^tulips Killed .*epoch 3\.0 of 3/ }).waitFor();
    await page.getByText('Advanced settings').click();
    await expectFits(page, 'train');
    writeRun(runs, {
      ...{ name: 'daisies', dataset: { folder: '/gone', id: 'x' } },
      epochs: 1,
      stepsPerEpoch: 3,
      state: 'stopped',
    });
    await page.getByRole('row', { name: /^daisies Stopped/ }).waitFor();
    await writeWhole(join(runs, 'daisies', 'run.json'), '{');
    await page.getByRole('row', { name: /^daisies Damaged/ }).waitFor();
    rmSync(join(runs, 'daisies'), { recursive: true });
    await page.getByRole('link', { name: 'daisies' }).waitFor({ state: 'detached' });
    await page.close();
  });

  it('fills in the form by a recipe, suggests the one that suits, and says what can’t be', async () => {
    const page = await studio.openScreen('/train');
    await expect.poll(() => page.getByLabel('Few photos').isChecked()).toBe(true);
    expect(await page.getByLabel('Profiles', { exact: true }).isDisabled()).toBe(true);
    await page.getByText('This dataset has no profiles with several photos.').waitFor();
    await page.getByLabel('The article’s recipe').check();
    await page.getByText('Advanced settings').click();
    expect(await page.getByLabel('Init').inputValue()).toBe('none');
    expect(await page.getByLabel('Epochs').inputValue()).toBe('25');
    await page.getByLabel('Few photos').check();
    expect(await page.getByLabel('Epochs').isDisabled()).toBe(true);
    await page.getByLabel('Many photos').check();
    await page.getByLabel('Policy').fill('sometimes');
    await page.getByLabel('Name').fill('roses');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('a run named roses exists already', { exact: false }).waitFor();
    await page.getByLabel('Name').fill('lilies');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('--policy must be', { exact: false }).waitFor();
    studio.errors.length = 0; // the refused requests
    await page.close();
  });

  it('draws a run’s curves, follows them, and begins a clone with its settings', async () => {
    const page = await studio.openScreen('/train/roses');
    await page.getByRole('img', { name: 'Loss. After the last epoch: training 0.19, validation 0.29' }).waitFor();
    await page.getByText('Best so far: epoch 12, with validation loss 0.2947, accuracy 89.9%').waitFor();
    await expectFits(page, 'run');
    await page.getByText('Every epoch as a table').click();
    await page.getByRole('row', { name: '12 0.1947 93.9% 0.2947 89.9%' }).waitFor();
    await page.getByRole('link', { name: 'Clone with changes' }).click();
    await page.getByRole('heading', { name: 'New model, from roses' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('roses-2');
    expect(await page.getByLabel('Epochs').inputValue()).toBe('12');
    await page.goto(`${studio.server.url}/studio/train/tulips`);
    await page.getByText('Its process ended without a word').waitFor();
    await page.getByRole('img', { name: /^Accuracy\. After the last epoch: training 73%/ }).waitFor();
    await page.close();
  });

  it('opens a report in a sandbox, where its scripts have no origin', async () => {
    const page = await studio.openScreen('/train/roses');
    const opening = studio.context.waitForEvent('page');
    await page.getByRole('button', { name: 'Open the report' }).click();
    const report = await opening;
    await report.getByRole('heading', { name: 'A report' }).waitFor();
    await expect.poll(() => report.title()).toBe('null');
    expect((await studio.context.request.get(report.url())).status()).toBe(404); // the link works once
    await report.close();
    await page.close();
  });

  it('shows what a command in a terminal adds to a run', async () => {
    const page = await studio.openScreen('/train/tulips');
    await page.getByRole('img', { name: /^Accuracy/ }).waitFor();
    const about = { kind: 'epoch', step: 60, epoch: 3, part: 'validation', loss: 0.5, accuracy: 0.5 };
    appendFileSync(join(runs, 'tulips', 'metrics.jsonl'), `${JSON.stringify(about)}\n`);
    const next = { ...about, kind: 'step', step: 61, epoch: 3.05, learningRate: 1e-5, imagesPerSecond: 1, waiting: 0 };
    const { part: _, ...step } = next;
    appendFileSync(join(runs, 'tulips', 'metrics.jsonl'), `${JSON.stringify(step)}\n`);
    const state = { format: 1, state: 'stopped', since: '2026-11-28T02:00:00.000Z' };
    await writeWhole(join(runs, 'tulips', 'state.json'), JSON.stringify(state));
    await page.getByRole('img', { name: /^Accuracy\. .*validation 50%/ }).waitFor();
    await page.close();
  });

  it('leaves no error in the console', () => {
    expect(studio.errors).toEqual([]);
  });
});
