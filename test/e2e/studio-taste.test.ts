import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { patchwork } from '../support/labeled-photos.ts';
import { StudioBrowser } from './studio-browser.ts';
import { expectFits } from './studio-fits.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** How many likes there are, and how many passes: enough for a version. */
const OF_EACH = 20;

/** The rest of a page of labels, and some for the next one: swipes without photos. */
const WITHOUT_PHOTOS = 65;

describe.skipIf(!chromium)('the screen for the taste', () => {
  let studio: StudioBrowser;

  beforeAll(async () => {
    studio = await StudioBrowser.open(chromium!, ['--taste-learn-every', '1000', '--taste-keep-photos']);
  });

  afterAll(() => studio?.close());

  const post = async (body: FormData | string) => {
    const headers = { Authorization: `Bearer ${studio.server.token}` };
    const response = await fetch(studio.server.url + ROUTES.swipes.path, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
  };

  /** Swipes as the extension does, with a photo each that a network tells apart, and others that have none. */
  const swipeAll = async () => {
    const decided = {
      decision: 'right',
      decidedBy: 'network',
      probability: 0.71,
      model: 'taste-0001',
      verdict: 'hidden',
    };
    for (let profile = 0; profile < WITHOUT_PHOTOS; profile += 1) {
      await post(
        JSON.stringify({ swipe: 'left', site: 'demo', profile: `bare-${profile}`, photoCount: 3, verdict: 'none' }),
      );
    }
    for (let at = 0; at < 2 * OF_EACH; at += 1) {
      const [swipe, label] = at % 2 === 0 ? (['right', 'LIKE'] as const) : (['left', 'NOPE'] as const);
      const body = new FormData();
      body.append('photo', new Blob([Uint8Array.from(await patchwork(at, label))]), 'photo.png');
      for (const [name, value] of Object.entries({ swipe, site: 'demo', profile: `p${at}`, ...decided })) {
        body.set(name, String(value));
      }
      await post(body);
    }
  };

  const learn = async (page: Page, version: string) => {
    await page.getByRole('button', { name: 'Learn now' }).click();
    await page
      .getByText(`${version} was learned from 20 likes and 20 passes, and is in use.`)
      .waitFor({ timeout: 60_000 });
  };

  it('says that there is nothing yet, and why nothing can be learned', async () => {
    const page = await studio.openScreen('/taste');
    await page.getByText('There are no labels yet.').waitFor();
    await page.getByText('There is no version yet.').waitFor();
    await page.getByRole('button', { name: 'Learn now' }).click();
    await page.getByText(/Nothing was learned: .*0 NOPE and 0 LIKE/).waitFor({ timeout: 60_000 });
    await page.close();
  });

  it('lists labels, and deletes one after asking', async () => {
    await swipeAll();
    const page = await studio.openScreen('/taste');
    await page
      .getByRole('row', { name: /demo ← pass → right, 71.00%, by taste-0001 \(hidden\) 1 / })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Show photos of label 105' }).click();
    await page.getByRole('img', { name: 'Photo 1 of label 105' }).waitFor();
    await page.getByRole('button', { name: 'Show older labels' }).click();
    const rows = page.getByRole('region', { name: 'Table of labels' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(1 + WITHOUT_PHOTOS + 2 * OF_EACH);
    expect(await rows.last().textContent()).toContain('not decided yet');
    await rows.last().getByRole('button', { name: 'Delete label 1', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete label 1?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await rows.last().getByRole('button', { name: 'Delete label 1', exact: true }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted label 1.').waitFor();
    await page.getByText('20 likes, 84 passes').waitFor();
    await page.close();
  });

  it('learns versions, shows how good they are, uses one, and rolls back', async () => {
    const page = await studio.openScreen('/taste');
    await learn(page, 'taste-0001');
    await learn(page, 'taste-0002');
    await page
      .getByRole('img', { name: /^Balanced accuracy by the number of labels: [\d.]+ with 40, [\d.]+ with 40$/ })
      .waitFor();
    await page.getByRole('row', { name: /^taste-0002 active 40 / }).waitFor();
    await page.getByText(/^Not proven yet/).waitFor();
    await page.getByText('20 of 20 likes, 0 of 20 passes').waitFor();
    await expectFits(page, 'taste');
    // By keyboard: a click waits until the page, which was just resized, is drawn again, which once took over 10 s.
    await page.getByRole('button', { name: 'Roll back' }).press('Enter');
    await page.getByText('The server is back at taste-0001.').waitFor();
    await page.getByRole('row', { name: /^taste-0001 active 40 / }).waitFor();
    await page.getByRole('button', { name: 'Use taste-0002' }).click();
    await page.getByText('The server uses taste-0002 now.').waitFor();
    await page.getByRole('row', { name: /^taste-0002 active 40 / }).waitFor();
    await page.close();
  });

  it('deletes everything after asking, and the server goes back to the model before', async () => {
    const page = await studio.openScreen('/taste');
    await page.getByRole('button', { name: 'Delete everything …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete your whole taste?' });
    await dialog.getByText('104 labels and 2 versions are deleted for good.').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Delete everything' }).click();
    await page.getByText('Deleted 104 labels and 2 versions.').waitFor();
    await page.getByText('There are no labels yet.').waitFor();
    await page.getByText('There are no versions yet.').waitFor();
    expect(await studio.server.swipes()).toEqual([]);
    await page.close();
  });

  it('leaves no error in the console', () => {
    expect(studio.errors).toEqual([]);
  });
});
