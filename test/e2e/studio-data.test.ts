import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import { readDatasetHead } from '@swipenet/server/training/dataset/dataset.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { patchwork, writeLabeledPhotos } from '../support/labeled-photos.ts';
import { writeLargeDataset } from '../support/large-dataset.ts';
import { writeRun } from '../support/made-run.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

describe.skipIf(!chromium)('the screen for data', () => {
  let studio: StudioBrowser;

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
    const { home } = studio.server;
    const photos = join(home, 'photos');
    await writeLabeledPhotos(photos, { LIKE: 16, NOPE: 16 });
    for (let seed = 100; seed < 103; seed += 1) {
      await writeFile(join(photos, 'nope', `wrong-${seed}.png`), await patchwork(seed, 'LIKE'));
    }
    const build = (like: string, nope: string, name: string) =>
      buildDataset({
        ...{ like: [join(photos, like)], nope: [join(photos, nope)], out: join(home, 'datasets', name) },
        ...{ testPercent: 0, resize: 'squash', seed: 1, pairs: false, workers: 1 },
      });
    await build('like', 'nope', 'flowers');
    await mkdir(join(photos, 'darker'));
    for (let seed = 0; seed < 4; seed += 1) {
      await writeFile(join(photos, 'darker', `copy-${seed}.png`), await patchwork(seed, 'NOPE'));
    }
    await build('like', 'darker', 'copies');
    writeLargeDataset(join(home, 'datasets', 'huge'), 75_000);
  });

  afterAll(() => studio?.close());

  async function openDataset(name: string): Promise<Page> {
    const page = await studio.openScreen('/data');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('grid', { name: 'Photos' }).waitFor();
    return page;
  }

  /** Holds the answers to changes back, until all are answered or the connection fails. */
  async function holdChanges(page: Page): Promise<{ answer: () => void; fail: () => void }> {
    const isAnswered = Promise.withResolvers<boolean>();
    await page.unrouteAll();
    await page.route(/\/(?:draft|drops)\b/, async (route) => {
      if (route.request().method() !== 'POST' || (await isAnswered.promise)) await route.continue();
      else await route.abort();
    });
    return { answer: () => isAnswered.resolve(true), fail: () => isAnswered.resolve(false) };
  }

  it('lists datasets', async () => {
    const page = await studio.openScreen('/data');
    await page.getByRole('row', { name: /^flowers 35 16 19 / }).waitFor();
    await expectFits(page, 'data');
    await page.close();
  });

  it('relabels by keyboard, shows it in another tab, undoes and discards it', async () => {
    const [page, other] = [await openDataset('flowers'), await openDataset('flowers')];
    await page.getByText('35 photos, 1 selected').waitFor();
    await page.getByRole('gridcell', { name: 'Photo 0 NOPE' }).waitFor();
    await expectFits(page, 'dataset');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('l');
    await page.getByText('2 profiles are LIKE now.').waitFor();
    await page.getByRole('gridcell', { name: 'Photo 1 LIKE changed' }).waitFor();
    await other.getByRole('gridcell', { name: 'Photo 1 LIKE changed' }).waitFor();
    await page.keyboard.press('Control+z');
    await other.getByRole('gridcell', { name: 'Photo 1 NOPE', exact: true }).waitFor();
    await page.keyboard.press('Control+Shift+z');
    await other.getByText('2 profiles have another label.').waitFor();
    await other.reload();
    await other.getByText('2 profiles have another label.').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await other.getByText('No label is changed.').waitFor();
    await Promise.all([page.close(), other.close()]);
  });

  it('loses no key pressed while the server still answers', async () => {
    const page = await openDataset('flowers');
    await page.getByText('35 photos, 1 selected').waitFor();
    await page.getByRole('grid').focus();
    const { answer } = await holdChanges(page);
    await page.keyboard.press('l');
    await page.getByText('Changing …').waitFor();
    for (const key of ['ArrowRight', 'l', 'ArrowRight', 'l', 'Control+z']) await page.keyboard.press(key);
    answer();
    await page.getByText('Undone.').waitFor();
    await page.getByText('2 profiles have another label.').waitFor();
    await page.getByRole('gridcell', { name: 'Photo 1 LIKE changed' }).waitFor();
    await page.getByRole('gridcell', { name: 'Photo 2 NOPE', exact: true }).waitFor();
    const late = await holdChanges(page);
    await page.keyboard.press('l');
    await page.getByText('Changing …').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByText('Discarding …').waitFor(); // once the label is changed, too
    late.answer();
    await page.getByText('The changes are discarded.').waitFor();
    await page.getByText('No label is changed.').waitFor();

    await page.getByRole('grid').focus();
    const failing = await holdChanges(page);
    await page.keyboard.press('l');
    await page.getByText('Changing …').waitFor();
    await page.keyboard.press('Control+z');
    failing.fail();
    await page.getByText('What you asked for after it was not done.').waitFor();
    await page.getByText('No label is changed.').waitFor();
    expect(studio.errors.splice(0)).toEqual(['Failed to load resource: net::ERR_FAILED']); // on purpose
    await page.close();
  });

  it('finds three planted label errors, and saves a version without them', async () => {
    const page = await openDataset('flowers');
    await page.getByRole('button', { name: 'Check labels' }).click();
    await page.getByRole('button', { name: 'Show them' }).click({ timeout: 60_000 });
    await page.getByText('3 photos, 1 selected').waitFor();
    await page.getByText(/wrong-10\d\.png/).waitFor();
    await expectFits(page, 'suspected label errors');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('l');
    await page.getByText('3 profiles have another label.').waitFor();
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByRole('heading', { name: 'flowers-2' }).waitFor();
    await page.getByRole('combobox', { name: 'Label' }).selectOption('LIKE');
    await page.getByText('19 photos, 1 selected').waitFor();
    await page.getByText('No label is changed.').waitFor();
    await page.close();
  }, 90_000);

  it('compares look-alikes side by side, drops and keeps some by keyboard with undo, and saves a version', async () => {
    const page = await openDataset('copies');
    await page.getByRole('link', { name: 'Look-alikes side by side' }).click();
    await page.getByText('Pair 1 of 4').waitFor();
    await page.getByText('different split', { exact: true }).waitFor(); // those in different splits come first
    await page.getByRole('figure', { name: 'Right' }).getByText('copy-').waitFor();
    await page.getByText('4 left to judge').waitFor();
    expect(await page.getByRole('button', { pressed: true }).count()).toBe(0);
    await expectFits(page, 'look-alikes');
    const other = await studio.openScreen(page.url().slice(`${studio.server.url}/studio`.length));
    await page.keyboard.press('d');
    await page.getByText('Pair 2 of 4').waitFor();
    await other.getByRole('figure', { name: 'Right' }).getByText('Dropped').waitFor();
    await expectFits(other, 'dropped look-alike');
    await page.getByRole('button', { name: 'Drop left (S)' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Pair 3 of 4').waitFor();
    expect(await page.getByRole('button', { name: 'Drop left (S)' }).evaluate((it) => it.matches(':focus'))).toBe(true);
    await page.getByText('2 photos are dropped.').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Pair 2 of 4').waitFor();
    await other.getByText('1 photo is dropped.').waitFor();
    await page.keyboard.press('k');
    await page.getByText('Pair 3 of 4').waitFor();
    await page.getByText('2 left to judge').waitFor();
    const kept = other.getByRole('button', { name: 'Keep both (K)', pressed: true });
    await other.getByText('2 left to judge').waitFor();
    await other.keyboard.press('ArrowRight');
    await kept.waitFor();
    await other.getByText('judged', { exact: true }).waitFor();
    await expectFits(other, 'kept look-alikes');
    await page.keyboard.press('Control+z');
    await page.getByText('Pair 2 of 4').waitFor();
    await kept.waitFor({ state: 'detached' });
    await other.getByText('not judged yet').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await kept.waitFor();
    await page.getByText('2 left to judge').waitFor();
    await page.keyboard.press('Home');
    await page.getByText('Pair 1 of 4').waitFor();
    await page.keyboard.press('j');
    await page.getByText('Pair 3 of 4').waitFor();
    await page.getByRole('button', { name: 'Next not judged (J)' }).click();
    await page.getByText('Pair 4 of 4').waitFor();
    await page.keyboard.press('j'); // from the start again
    await page.getByText('Pair 3 of 4').waitFor();
    await watchShifts(page);
    await page.keyboard.press('End');
    await page.getByText('Pair 4 of 4').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Pair 3 of 4').waitFor();
    await page.getByRole('figure', { name: 'Right' }).getByText('copy-').waitFor();
    expect(await shiftsIn(page)).toEqual([]);
    // While the server still answers: the keys count for the pair that they were pressed on, and nobody is taken away from
    // the one that they look at by then.
    const { answer } = await holdChanges(page);
    await page.keyboard.press('s');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Pair 4 of 4').waitFor();
    await page.keyboard.press('d');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Pair 3 of 4').waitFor();
    answer();
    await page.getByText('3 photos are dropped.').waitFor();
    await page.getByText('Pair 4: The right one is dropped.').waitFor();
    await page.getByText('Pair 3 of 4').waitFor();
    for (const left of ['2 photos are dropped.', '1 photo is dropped.']) {
      await page.keyboard.press('Control+z');
      await page.getByText(left).waitFor();
    }
    await page.getByText('Pair 3 of 4').waitFor();
    await page.reload(); // keeps the place, what was dropped and what was kept
    await page.getByText('Pair 3 of 4').waitFor();
    await page.getByText('1 photo is dropped.').waitFor();
    await page.getByText('2 left to judge').waitFor();
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByRole('heading', { name: 'copies-2' }).waitFor();
    await page.getByText('19 photos, 1 selected').waitFor();
    await page.getByRole('link', { name: 'Look-alikes side by side' }).click();
    await page.getByText('Pair 1 of 3').waitFor();
    await page.getByText('2 left to judge').waitFor(); // the kept pair stays judged
    await other.getByText('No label is changed.', { exact: true }).waitFor(); // and no photo is dropped
    await other.getByText('Pair 2 of 4').waitFor(); // the old version has them all
    await kept.waitFor();
    await other.getByText('3 left to judge').waitFor();
    await Promise.all([page.close(), other.close()]);
  });

  it('deletes a dataset and a run, not while something needs them, and says so in other tabs', async () => {
    const { home, url } = studio.server;
    const [page, other] = [await studio.openScreen('/data'), await openDataset('flowers-2')];
    await other.getByRole('combobox', { name: 'Label' }).selectOption('NOPE');
    await other.getByText('16 photos, 1 selected').waitFor();
    await other.getByRole('grid').focus();
    await other.keyboard.press('l');
    await other.getByText('1 profile has another label.').waitFor();
    const button = page.getByRole('button', { name: 'Delete flowers-2' });
    await button.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delete the dataset flowers-2?' });
    await dialog
      .getByText('It can’t be deleted now: it has changes that aren’t saved. Save or discard them first.')
      .waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await other.keyboard.press('Control+z');
    await other.getByText('No label is changed.').waitFor();
    const folder = join(home, 'datasets', 'flowers-2');
    const { id } = await readDatasetHead(folder);
    const stopped = { epochs: 1, stepsPerEpoch: 3, state: 'stopped' } as const;
    writeRun(join(home, 'runs'), { name: 'lilies', dataset: { folder, id }, ...stopped });
    await button.press('Enter');
    await dialog.getByText('The run lilies can’t be resumed without it.').waitFor();
    await dialog
      .getByText(/^Other versions share \S+ MB of it and keep them\. This deletes \S+ MB in \d+ files:$/)
      .waitFor();
    await dialog.getByText(folder, { exact: true }).waitFor();
    await expectFits(page, 'delete a dataset');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Deleted flowers-2.').waitFor();
    await other.getByText('The dataset flowers-2 was deleted.').waitFor();
    expect(await readdir(join(home, 'datasets'))).toEqual(['copies', 'copies-2', 'flowers', 'huge']);

    await rm(join(home, 'runs', 'lilies'), { recursive: true });
    const dataset = { folder: join(home, 'datasets', 'flowers'), id: 'c0ffee' };
    writeRun(join(home, 'runs'), { name: 'roses', dataset, ...stopped });
    for (const tab of [page, other]) await tab.goto(`${url}/studio/train/roses`);
    await other.getByRole('heading', { name: 'roses' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).press('Enter');
    const sure = page.getByRole('dialog', { name: 'Delete the run roses?' });
    await sure.getByText(/^This deletes \S+ kB in \d+ files:$/).waitFor();
    await sure.getByRole('button', { name: 'Delete' }).press('Enter');
    await page.getByText('There are no runs yet.').waitFor();
    await other.getByText('The run roses was deleted.').waitFor();
    expect(await readdir(join(home, 'runs'))).toEqual([]);
    await Promise.all([page.close(), other.close()]);
  });

  it('stays fast with 151,081 photos', async () => {
    const page = await openDataset('huge');
    await page.getByText('151,081 photos, 1 selected').waitFor();
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('Control+End');
    await page.getByRole('gridcell', { name: 'Photo 151,080 LIKE' }).waitFor();
    expect(await page.getByRole('gridcell').count()).toBeLessThan(200);
    await page.keyboard.press('Control+a');
    await page.getByText('151,081 photos, 151,081 selected').waitFor();
    await page.keyboard.press('Control+Home');
    await page.getByRole('gridcell', { name: 'Photo 0 NOPE' }).waitFor();
    await page.evaluate(() => {
      const spans: number[] = [];
      new PerformanceObserver((list) => spans.push(...list.getEntries().map(({ duration }) => duration))).observe({
        ...{ type: 'event', durationThreshold: 16, buffered: false },
      } as PerformanceObserverInit);
      Object.assign(window, { spans });
    });
    for (let press = 0; press < 20; press += 1) await page.keyboard.press('PageDown');
    await nextFrames(page);
    const spans = await page.evaluate(() => (window as unknown as { spans: number[] }).spans);
    console.log(`key presses with 151,081 photos took at most ${Math.max(0, ...spans)} ms`);
    await page.getByRole('link', { name: 'Look-alikes side by side' }).click();
    await page.getByText('75,000 pairs').waitFor();
    await page.keyboard.press('End');
    await page.getByText('Pair 10,000 of 10,000').waitFor();
    await page.close();
  });

  it('leaves no error in the console', () => expect(studio.errors).toEqual([]));

  it('continues a check of labels and an evaluation when the server is killed', async () => {
    const { server } = studio;
    const page = await openDataset('flowers');
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.goto(`${server.url}/studio/judge`);
    await page.getByRole('combobox', { name: /^Dataset/ }).selectOption('flowers');
    await page.getByRole('combobox', { name: /^Part/ }).selectOption('training');
    await page.getByRole('button', { name: 'Judge', exact: true }).click();
    await page.waitForURL(/judge\/\w+$/);
    await page.close();
    await server.kill();
    await server.startAgain();
    await studio.openSession(server.link);
    const judge = await studio.openScreen('/judge');
    await judge.getByRole('row', { name: /flowers training .* done/ }).waitFor({ timeout: 60_000 });
    const after = await openDataset('flowers');
    await after.getByRole('button', { name: 'Show them' }).waitFor({ timeout: 60_000 });
    await after.goto(`${server.url}/studio/data`);
    await after.getByRole('link', { name: 'copies', exact: true }).click();
    await after.getByRole('link', { name: 'Look-alikes side by side' }).click();
    await after.getByText('3 left to judge').waitFor(); // a kept pair outlives the server, too
    await Promise.all([judge.close(), after.close()]);
  }, 150_000);
});

/** Begins to note what moves in a page, also right after a key was pressed. */
const watchShifts = (page: Page) =>
  page.evaluate(() => {
    const shifts: string[] = [];
    const nameOf = ({ node }: { node?: Node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : 'text');
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] };
        shifts.push(`${value}: ${sources.map(nameOf).join(', ')}`);
      }
    }).observe({ type: 'layout-shift' });
    Object.assign(window, { shifts });
  });

const shiftsIn = async (page: Page) => {
  await nextFrames(page);
  return await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
};

/** Waits until what has changed is drawn. */
const nextFrames = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
