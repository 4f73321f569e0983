import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDataset } from '@swipenet/server/training/dataset/build/build-dataset.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { StudioBrowser } from './studio-browser.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** Training takes a while on a busy machine. */
const LONG = { timeout: 120_000 };

async function openStudio(): Promise<StudioBrowser> {
  const studio = await StudioBrowser.open(chromium!);
  onTestFinished(() => studio.close());
  const { home } = studio.server;
  await writeLabeledPhotos(join(home, 'photos'), { LIKE: 7, NOPE: 7 });
  const [like, nope] = ['like', 'nope'].map((label) => [join(home, 'photos', label)]);
  const out = join(home, 'datasets', 'flowers');
  await buildDataset({
    like: like!,
    nope: nope!,
    out,
    testPercent: 0,
    resize: 'squash',
    seed: 1,
    pairs: false,
    workers: 1,
  });
  return studio;
}

/** Ends the server as a crash would, starts it again, and opens a session. */
async function crash(studio: StudioBrowser): Promise<void> {
  await studio.server.kill();
  await studio.server.startAgain();
  await studio.openSession(studio.server.link);
}

/** Kills the newest job's process, as the system does when memory runs out. */
function killJob(home: string): void {
  const started = globSync('jobs/*/started.json', { cwd: home }).map((path) =>
    JSON.parse(readFileSync(join(home, path), 'utf8')),
  );
  const [{ pid }] = started.toSorted((a, b) => b.at.localeCompare(a.at));
  process.kill(pid, 'SIGKILL');
}

const expectState = (page: Page, state: string) =>
  page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${state}`) })
    .first()
    .waitFor(LONG);

describe.skipIf(!chromium)('a run that the studio starts', () => {
  it('pauses, survives crashes of the server and of itself, and ends with a model; the next job follows', async () => {
    const studio = await openStudio();
    const page = await studio.openScreen('/train');
    await page.getByLabel('Many photos').check();
    await page.getByText('Advanced settings').click();
    const settings = { Epochs: '18', 'Batch size': '2', 'Learning rate': '0.0001', 'Crop size': '96' };
    for (const [name, value] of Object.entries(settings)) await page.getByLabel(name).fill(value);
    await page.getByLabel('Name').fill('mine');
    await page.getByRole('button', { name: 'Start training' }).click();

    await page.getByRole('img', { name: /^Loss/ }).waitFor(LONG); // its first steps
    await page.getByText(/^\d+\.\d images\/s$/).waitFor(LONG);
    await takeScreenshot(page, 'studio training', { fullPage: true });
    await page.getByRole('button', { name: 'Pause' }).click();
    await expectState(page, 'Stopped');
    await page.getByText('Stopped after step', { exact: false }).waitFor();

    await crash(studio);
    await page.getByRole('button', { name: 'Resume' }).click(LONG);
    await expectState(page, 'Training');

    // A second model waits for the first.
    const other = await studio.openScreen('/train');
    await other.getByLabel('Few photos').check();
    await other.getByLabel('Name').fill('few');
    await other.getByRole('button', { name: 'Add to the queue' }).click();
    await expectState(other, 'Waiting');
    await other.close();

    await crash(studio);
    await expectState(page, 'Training');
    killJob(studio.server.home);
    await expectState(page, 'Killed');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expectState(page, 'Finished');
    const steps = readFileSync(join(studio.server.home, 'runs', 'mine', 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((line) => (JSON.parse(line).kind === 'step' ? [JSON.parse(line).step] : []));
    expect(steps).toEqual(Array.from({ length: 108 }, (_, index) => index + 1)); // none twice, none left out
    await page.getByRole('link', { name: 'Go to its model' }).click();
    await page.getByRole('heading', { name: 'mine' }).waitFor();

    await page.goto(`${studio.server.url}/studio/train/few`);
    await expectState(page, 'Finished');
    await page.close();
  }, 300_000);
});
