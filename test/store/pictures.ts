// `npm run store:pictures [-- --out FOLDER]`: takes the five screenshots for the stores, 1280 × 800, and makes the promo
// tile, 440 × 280, as PNG without transparency, which the stores refuse. Everything is real but the history, which is made: the
// production build, the server and the demo page, used as a person would.
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp, { type OverlayOptions } from 'sharp';
import { type ConnectedBrowser, openConnectedBrowser } from '../e2e/connected-browser.ts';
import { Deck } from '../e2e/deck.ts';
import { chooseMode, consentToLearning, fitPopup } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { madeHistory, storeHistory } from '../support/made-history.ts';
import { controlBox, overlayStyle, readOverlay } from '../support/shown-overlay.ts';
import { ROOT } from '../support/source-files.ts';

const SCREEN = { width: 1280, height: 800 };
const TILE = { width: 440, height: 280 };
const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'docs/store') } } });
const folder = resolve(process.env.INIT_CWD ?? '.', values.out);

/** Waits for what a person would wait for. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const giveUp = performance.now() + 60_000; !(await holds()); ) {
    if (performance.now() > giveUp) throw new Error(`${what} did not happen`);
    await new Promise((resolved) => setTimeout(resolved, 50));
  }
}

async function save(name: string, picture: Uint8Array): Promise<void> {
  const path = join(folder, `${name}.png`);
  await sharp(picture).removeAlpha().png({ compressionLevel: 9 }).toFile(path);
  console.log(path);
}

/** Takes a page as the browser's window shows it, with the popup open in its upper right corner if one is given. */
async function shoot(name: string, page: Page, popup?: Page): Promise<void> {
  let over: OverlayOptions[] = [];
  if (popup) {
    await popup.bringToFront();
    await fitPopup(popup);
    const input = await sharp(await popup.screenshot())
      .extend({ top: 1, bottom: 1, left: 1, right: 1, background: '#8886' })
      .toBuffer();
    over = [{ input, top: 8, left: SCREEN.width - 340 - 6 }];
  }
  await page.bringToFront();
  await page.setViewportSize(SCREEN);
  await save(
    name,
    await sharp(await page.screenshot())
      .composite(over)
      .png()
      .toBuffer(),
  );
}

const HIDDEN = 'Scored. Hidden until you swipe';

const line = async (page: Page) => (await readOverlay(page)).line ?? '';

/** What each screenshot shows, in the order of the listing. */
const SCREENSHOTS: Record<string, (connected: ConnectedBrowser) => Promise<void>> = {
  'screenshot-1-confidences': async ({ stage, page, popup }) => {
    await Deck.open(page, stage, { seed: 1 });
    await until('a verdict', async () => /Swipe (right|left)/.test(await line(page)));
    await shoot('screenshot-1-confidences', page, popup);
  },
  'screenshot-2-why': async ({ page }) => {
    const { x, y, width, height } = (await controlBox(page, 'why'))!;
    await page.mouse.click(x + width / 2, y + height / 2);
    await until('the heat map', async () => (await overlayStyle(page, 'map', 'opacity')) !== undefined);
    await shoot('screenshot-2-why', page);
    await page.mouse.click(x + width / 2, y + height / 2);
  },
  'screenshot-3-learn': async ({ stage, browser, page, popup }) => {
    await consentToLearning(browser);
    await chooseMode(popup, 'Learn');
    await Deck.open(page, stage, { taste: 'water', seed: 5 });
    for (let swipes = 0; swipes < 5; swipes += 1) {
      await until('a hidden verdict', async () => (await line(page)) === HIDDEN);
      const card = page.locator('[data-demo=card][aria-hidden=false]');
      await page.keyboard.press((await card.getAttribute('data-would-like')) === 'true' ? 'ArrowRight' : 'ArrowLeft');
      await until('the next card', async () => (await line(page)) !== HIDDEN);
    }
    await until('the remark', async () => (await readOverlay(page)).remark !== undefined);
    await until('a hidden verdict', async () => (await line(page)) === HIDDEN);
    await shoot('screenshot-3-learn', page, popup);
  },
  'screenshot-4-rules': async ({ options }) => {
    await options.bringToFront();
    const rule = (name: string) => options.getByRole('group', { name, exact: true });
    await rule('Maximum distance').getByRole('checkbox').check();
    await rule('Maximum distance').getByRole('spinbutton').fill('30');
    await options.setViewportSize(SCREEN);
    await options
      .getByRole('heading', { name: 'Rules', exact: true })
      .evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
    await shoot('screenshot-4-rules', options);
  },
  'screenshot-5-history': async ({ browser }) => {
    const history = await browser.openOwn('swipe-history.html');
    await storeHistory(history, madeHistory({ count: 3_000, days: 60, nowMs: Date.now() - 3_600_000 }));
    await history.reload();
    await history.setViewportSize(SCREEN);
    await until('the history', async () =>
      /[1-9]/.test((await history.locator('[data-total=swipes]').textContent()) ?? ''),
    );
    await until('the charts', async () => (await history.locator('.chart canvas').count()) > 1);
    await shoot('screenshot-5-history', history);
  },
};

/** Draws the tile: the icon, the name and one sentence. */
async function drawTile({ browser }: ConnectedBrowser): Promise<void> {
  const icon = await readFile(join(ROOT, 'extension/icon/swipenet.svg'), 'utf8');
  const page = await browser.context.newPage();
  await page.setViewportSize(TILE);
  await page.setContent(`<body style="margin: 0; height: 100vh; display: grid; place-content: center; justify-items: center;
    gap: 12px; background: #17141f; color: #fff; font: 20px system-ui; text-align: center">
    <div style="width: 96px">${icon}</div><b style="font-size: 40px">Swipenet</b>Your taste, on your own machine</body>`);
  await save('promo-tile', await page.screenshot());
}

const chromium = findOrInstallChromium();
if (!chromium) {
  console.error(`swipenet: ${CHROMIUM_ADVICE}`);
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const connected = await openConnectedBrowser(
  chromium,
  ['Ask me about close calls', 'Spot checks'],
  ['--rate-burst', '10000'],
);
try {
  for (const shot of Object.values(SCREENSHOTS)) await shot(connected);
  await drawTile(connected);
} finally {
  await connected.close();
}
