// `npm run demo [-- --headless] [--screenshot FILE] [--of deck|popup|options] [--seed N]`: a Chromium with the extension
// loaded and connected, on the demo page. Address, token and consent go through the real pages, as a person would do it:
// no build has them preset.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { consent, ExtensionBrowser, fitPopup, setOptions } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { openStage } from './stage.ts';

const { values } = parseArgs({
  options: {
    headless: { type: 'boolean', default: false },
    screenshot: { type: 'string' },
    of: { type: 'string', default: 'deck' },
    seed: { type: 'string' },
  },
});

/** Waits until the page shows what a person would look at. */
const PAGES: Record<string, (browser: ExtensionBrowser, deck: Page) => Promise<Page>> = {
  deck: async (_, deck) => deck,
  popup: async (browser) => {
    const popup = await browser.openOwn('popup.html');
    await popup.getByText('Connected', { exact: true }).waitFor();
    await fitPopup(popup);
    return popup;
  },
  options: async (browser) => {
    const options = await browser.openOwn('options.html');
    await options.getByRole('button', { name: 'Try it' }).click();
    await options.getByText('Connected:').waitFor();
    return options;
  },
};

const chromium = findChromium();
const shown = PAGES[values.of];
if (!chromium || !shown) {
  console.error(`swipenet: ${chromium ? '--of must be deck, popup or options' : CHROMIUM_ADVICE}`);
  process.exit(2);
}

const stage = await openStage();
const browser = await ExtensionBrowser.open(chromium, { headless: values.headless });
const closed = new Promise((resolved) => browser.context.once('close', resolved));
try {
  await consent(browser);
  const options = await browser.openOwn('options.html');
  console.log(await setOptions(options, { address: stage.server.url, token: stage.server.token }));
  await options.close();
  const deck = await browser.context.newPage();
  await deck.goto(values.seed === undefined ? stage.pageUrl : `${stage.pageUrl}?seed=${values.seed}`);
  const giveUp = performance.now() + 30_000;
  while (!/Swipe right|Swipe left|Left to you/.test((await readOverlay(deck)).line ?? '')) {
    if (performance.now() > giveUp) throw new Error('no verdict appeared on the demo page');
    await deck.waitForTimeout(100);
  }
  console.log(
    `The demo page is ${stage.pageUrl}; Swipenet's icon in the toolbar opens its control: Off, Show, Learn, Swipe.`,
  );
  if (values.screenshot) {
    const page = await shown(browser, deck);
    const path = resolve(process.env.INIT_CWD ?? '.', values.screenshot);
    await page.screenshot({ path });
    console.log(`The picture is ${path}`);
  }
  if (!values.headless) {
    console.log('Close the window, or press Ctrl-C, to end it.');
    await Promise.race([closed, new Promise((asked) => process.once('SIGINT', asked))]);
  }
} finally {
  await browser.close();
  await stage.close();
}
