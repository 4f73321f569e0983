import { drawPhoto } from '@swipenet/server/pictures/draw-photo.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** Well-made photos, which the model that comes with Swipenet likes, then a blurred one. */
const PLANS = [
  { scene: 'lake', seed: 1, faults: [] },
  { scene: 'portrait', seed: 2, faults: [] },
  { scene: 'forest', seed: 3, faults: [{ name: 'blurred', strength: 1 }] },
] as const;

describe.skipIf(!chromium)('the screen for trying photos', () => {
  let studio: StudioBrowser;
  let files: { name: string; mimeType: string; buffer: Buffer }[];

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!);
    const photos = await Promise.all(PLANS.map(drawPhoto));
    files = photos.map((bytes, at) => ({ name: `${at + 1}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }));
  });

  afterAll(() => studio?.close());

  /** What the server's own API says about the photos, with a token. */
  const scored = async () => {
    const body = new FormData();
    for (const { buffer, name } of files) body.append('photo', new Blob([Uint8Array.from(buffer)]), name);
    const headers = { Authorization: `Bearer ${studio.server.token}` };
    const response = await fetch(studio.server.url + ROUTES.score.path, { method: 'POST', headers, body });
    return scoreAnswerSchema.parse(await response.json());
  };

  const choose = (page: Page, chosen: typeof files) => page.getByLabel('Choose photos').setInputFiles(chosen);
  const card = (page: Page, number: number) =>
    page.getByRole('listitem').filter({ hasText: new RegExp(`Photo ${number}:`) });

  it('shows each photo’s confidence, and the decision with its reason, as the server decides', async () => {
    const page = await studio.openScreen('/try');
    await choose(page, files);
    const { photos } = await scored();
    const percents = photos.map((photo) => ('like' in photo ? `${(100 * photo.like).toFixed(2)}%` : ''));
    for (const [at, percent] of percents.entries())
      await card(page, at + 1)
        .getByRole('strong')
        .filter({ hasText: percent })
        .waitFor();
    await page.getByText(/→ Swipe right: photo \d, [\d.]+%, is at or above 40%/).waitFor();
    await page.getByText(/The server took \d+ (ms|s) for 3 photos/).waitFor();
    await expectFits(page, 'try');
    await page.close();
  });

  it('has a bad photo fail alone, with its message', async () => {
    const page = await studio.openScreen('/try');
    const bad = { name: 'text.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
    const large = { name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(10_000_001) };
    await choose(page, [files[2]!, bad, large]);
    await card(page, 1).getByText('NOPE').waitFor();
    await card(page, 2).getByText('The photo is not a JPEG, PNG, WebP or AVIF').waitFor();
    await card(page, 3).getByText('The photo is larger than 10 MB').waitFor();
    await page.getByText('Left to you: photos 2, 3 have no confidence, and no other photo is a LIKE').waitFor();
    await page.getByRole('button', { name: 'Remove photo 3' }).click();
    await page.getByRole('button', { name: 'Remove photo 2' }).click();
    await page.getByText('← Swipe left: the only photo is below 40%').waitFor();
    await page.close();
  });

  it('shows at once what another threshold would change, ranks, and judges each photo as a profile', async () => {
    const page = await studio.openScreen('/try');
    await choose(page, files);
    await card(page, 3).getByText('NOPE').waitFor();
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await slider.press('End');
    await page.getByText('Compared with 40%, 1 decision and 2 photo labels would change.').waitFor();
    await page.getByText('← Swipe left: all 3 photos are below 100%').waitFor();
    await page.getByRole('button', { name: 'Back to 40%' }).click();
    await page.getByText('This is the threshold that the server uses.').waitFor();
    await page.getByLabel('Each photo is a profile of its own').check();
    await page.getByText('2 right, 1 left, 0 left to you').waitFor();
    await page.getByLabel('Most confident first').check();
    await page.getByText('It is about the photo and the model’s training').waitFor();
    const confidences = await page.getByRole('meter', { name: 'LIKE confidence' }).allTextContents();
    const numbers = confidences.map(Number.parseFloat);
    expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
    await expectFits(page, 'try ranked');
    await page.close();
  });

  it('draws where the evidence is, and the photo alone without the heat map', async () => {
    const page = await studio.openScreen('/try');
    await choose(page, [files[0]!]);
    await card(page, 1).getByText('LIKE').waitFor();
    const drawn = () => page.getByRole('img', { name: '1.jpg' }).screenshot();
    const heated = await drawn();
    await page.getByLabel('Heat map').uncheck();
    await expect.poll(async () => (await drawn()).equals(heated)).toBe(false);
    await page.close();
  });

  it('takes photos that are dropped and pasted, and keeps them while the person looks at other screens', async () => {
    const page = await studio.openScreen('/try');
    await page.getByLabel('Choose photos').waitFor();
    await page.evaluate(
      (bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], 'mine.jpg'));
        const dropped = { dataTransfer: transfer, bubbles: true, cancelable: true };
        document.querySelector('main')!.dispatchEvent(new DragEvent('drop', dropped));
        document
          .querySelector('main')!
          .dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
      },
      [...files[0]!.buffer],
    );
    await card(page, 2).getByText('LIKE').waitFor();
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.getByRole('link', { name: 'Try' }).click();
    await card(page, 2).getByText('LIKE').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await expect.poll(() => page.getByRole('listitem').filter({ hasText: 'mine.jpg' }).count()).toBe(0);
    await page.close();
  });

  it('shows what each layer sees: its maps, the most active first, and the statistics of its activations', async () => {
    const page = await studio.openScreen('/try');
    await choose(page, [files[0]!]);
    await page.getByRole('button', { name: 'Layers of photo 1' }).click();
    const panel = page.getByRole('region', { name: 'What each layer sees in photo 1' });
    await panel.getByText('64 maps of 112 × 112').waitFor();
    await panel.getByRole('img', { name: /^Histogram of the activations from 0 to / }).waitFor();
    const means = (await panel.getByRole('listitem').allTextContents()).map((text) => Number(text.split(' ')[1]));
    expect([means.length, means]).toEqual([64, means.toSorted((one, other) => other - one)]);
    await expectFits(page, 'try layers');
    await panel.getByLabel('Layer').selectOption('inception_5b');
    await panel.getByRole('button', { name: 'Show 128 more of 1,024' }).click();
    await expect.poll(() => panel.getByRole('listitem').count()).toBe(64 + 128);
    await panel.getByLabel('Layer').selectOption('classifier');
    await panel.getByText('Channel 0 is NOPE and channel 1 is LIKE').waitFor();
    await panel.getByText(/^#1 /).waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => panel.count()).toBe(0);
    await page.close();
  });

  it('says why photos can’t be scored, and scores them when it is asked again', async () => {
    const page = await studio.openScreen('/try');
    await page.getByLabel('Choose photos').waitFor();
    await page.route(`**${ROUTES.score.path}*`, (route) => route.abort());
    await choose(page, [files[0]!]);
    await page.getByText('The server doesn’t respond. Start it again').waitFor();
    await page.unroute(`**${ROUTES.score.path}*`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await card(page, 1).getByText('LIKE').waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await page.close();
    studio.errors.length = 0; // the request that failed
  });

  it('leaves no error in the console', () => {
    expect(studio.errors).toEqual([]);
  });
});
