import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { CONTROL_STYLE } from '../../extension/src/page/control/control-style.ts';
import { OVERLAY_STYLE } from '../../extension/src/page/overlay/overlay-style.ts';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { type ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { madeHistory, storedHistory, storeHistory } from '../support/made-history.ts';
import { drawnMarkup, readOverlay } from '../support/shown-overlay.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const soon = { timeout: 20_000, interval: 20 };

/** Everything a state is made of. */
export interface Scene {
  readonly browser: ExtensionBrowser;
  readonly stage: Stage;
  /** The settings of a browser that is connected, with both consents, in Show. */
  readonly settings: Settings;
}

/** Brings a page into a state, and returns it. */
type Open = (scene: Scene) => Promise<Page>;

type OwnPage = Parameters<ExtensionBrowser['openOwn']>[0];

/** Opens an extension page with other settings, and does something there. */
function own(path: OwnPage, change: (settings: Settings) => Partial<Settings>, act = async (_: Page) => {}): Open {
  return async ({ browser, settings }) => {
    await storeSettings(browser, { ...settings, ...change(settings) });
    const page = await browser.openOwn(path);
    await act(page);
    return page;
  };
}

/** Opens the start page and does something there. */
function start(act: (page: Page, url: string) => Promise<unknown>): Open {
  return async ({ browser, stage }) => {
    const page = await browser.context.newPage();
    await page.goto(`${stage.server.url}/`);
    await act(page, stage.server.url);
    return page;
  };
}

/** Opens a deck of the demo page and does something there. */
function demo(mode: Settings['mode'], act: (page: Page) => Promise<unknown>, profiles = 2): Open {
  return async ({ browser, stage, settings }) => {
    await storeSettings(browser, { ...settings, mode, rules: { ...settings.rules, holdsSeen: false } });
    const page = await browser.context.newPage();
    await Deck.open(page, stage, { profiles });
    await page.locator('[data-demo=card][aria-hidden=false]').waitFor();
    await act(page);
    return page;
  };
}

/** What is drawn over a page: where, and how. */
const DRAWN = {
  overlay: { tag: 'SWIPENET-OVERLAY', style: OVERLAY_STYLE, shown: '.line, .toast' },
  control: { tag: 'SWIPENET-CONTROL', style: CONTROL_STYLE, shown: '.bar' },
} as const;

/** Opens what is drawn over a deck, because axe-core can't look into the closed shadow root. */
function drawn(what: keyof typeof DRAWN, mode: Settings['mode'], act: (page: Page) => Promise<unknown>): Open {
  const { tag, style, shown } = DRAWN[what];
  return async (scene) => {
    const page = await demo(mode, act)(scene);
    const markup = await drawnMarkup(page, tag);
    // White is the photo that leaves the least contrast. The place on the page doesn't matter.
    await page.goto(`${scene.stage.server.url}${ROUTES.startScript.path}`);
    await page.setContent(`<html lang="en"><title>${what}</title><style>${style} html { background: #fff; }
      .frame, .bar { transform: none !important; inset: 0 auto auto 0 !important; max-width: 100vw; }
      h1 { font-size: 1px; } .gone { display: none; }</style><main><h1>${what}</h1>${markup}</main></html>`);
    await page.locator(shown).filter({ visible: true }).first().waitFor();
    return page;
  };
}

const says = (line: RegExp) => (page: Page) =>
  expect.poll(async () => (await readOverlay(page)).line, soon).toMatch(line);
const verdict = says(/^[→←] Swipe/);
const same = () => ({});
const click = (role: 'button' | 'checkbox', name: string) => (page: Page) => page.getByRole(role, { name }).click();
const text = (shown: string | RegExp) => (page: Page) => page.getByText(shown).first().waitFor();
const dialog = (page: Page) => page.getByRole('dialog').waitFor();
const inTurn =
  (...acts: ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const act of acts) await act(page);
  };

/** A browser asks the start page to let it in, or rather a program, because no extension sends this. */
async function ask(page: Page, url: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await fetch(url + ROUTES.pairAsk.path, { method: 'POST', headers, body: JSON.stringify({ name: 'Firefox' }) });
  await page.getByRole('button', { name: 'Allow' }).first().waitFor();
}

const withHistory = (act: (page: Page) => Promise<unknown>): Open =>
  own('swipe-history.html', same, async (page) => {
    if ((await storedHistory(page)).entries.length === 0) {
      await storeHistory(page, madeHistory({ count: 200, days: 30, nowMs: Date.now() - 3_600_000 }));
      await page.reload();
    }
    await page.locator('#rows button').first().waitFor();
    await act(page);
  });

const noConsent = () => ({ consent: null });
const wrongToken = ({ server }: Settings) => ({ server: { ...server, token: 'wrong' } });
const paced = ({ limits }: Settings) => ({ limits: { ...limits, perMinute: 30 } }); // to turn it off needs a warning
const learn = () => ({ mode: 'learn' }) as const;
const noLearning = ({ taste }: Settings) => ({ mode: 'learn' as const, taste: { ...taste, consent: null } });
const yourData = inTurn(text(/^Not known yet|agrees with you/), click('button', 'Your data'));

/** Every page in every state that has parts of its own. */
export const PAGE_STATES: readonly (readonly [page: string, state: string, open: Open])[] = [
  ['consent', 'before it', own('consent.html', noConsent)],
  [
    'consent',
    'declined',
    own('consent.html', noConsent, inTurn(click('button', 'Not now'), text('Nothing is read, sent or shown'))),
  ],
  [
    'consent',
    'given, and asking about learning',
    own('consent.html', noConsent, inTurn(click('button', 'I agree'), text('Thank you'))),
  ],
  [
    'consent',
    'given to learning',
    own('consent.html', noLearning, inTurn(click('button', 'Learn from my swipes'), text('Learning is on'))),
  ],

  ['popup', 'before the consent', own('popup.html', noConsent, text('Read and decide'))],
  ['popup', 'Off', own('popup.html', () => ({ mode: 'off' }), text('Connected'))],
  ['popup', 'Show, without a dating page', own('popup.html', same, text('No dating page is open'))],
  ['popup', 'an error of the server', own('popup.html', wrongToken, text('Not connected'))],
  ['popup', 'Learn, before its consent', own('popup.html', noLearning, text('tells you what it stores'))],
  ['popup', 'Learn', own('popup.html', learn, text(/^Not known yet/))],
  ['popup', 'what was learned', own('popup.html', learn, yourData)],
  ['popup', 'a warning', own('popup.html', learn, inTurn(yourData, click('button', 'Delete everything')))],
  ['popup', 'a page check', own('popup.html', same, inTurn(click('button', 'Check this page'), dialog))],

  ['options', 'before the consent', own('options.html', noConsent)],
  ['options', 'with both consents', own('options.html', same, text(/^The server uses/))],
  [
    'options',
    'an error of a field',
    own('options.html', same, async (page) => {
      await page.getByLabel('Patience, in percent').fill('9');
      await click('button', 'Save')(page);
    }),
  ],
  [
    'options',
    'an error of the server',
    own('options.html', wrongToken, inTurn(click('button', 'Try it'), text('failed'))),
  ],
  ['options', 'a warning', own('options.html', paced, inTurn(click('checkbox', 'Swipes per minute'), dialog))],
  ['options', 'a reset', own('options.html', same, inTurn(click('button', 'Reset'), dialog))],
  ['options', 'a report', own('options.html', same, inTurn(click('button', 'Report a problem'), dialog))],
  [
    'options',
    'rules without a page',
    own('options.html', same, inTurn(click('button', 'Try on the current card'), text('no profile to try'))),
  ],

  ['history', 'none kept', own('swipe-history.html', () => ({ historyDays: 0 }), text('No history is kept'))],
  ['history', 'empty', own('swipe-history.html', same, text('No swipes yet'))],
  ['history', 'entries', withHistory((page) => page.getByText('As a table').click())],
  ['history', 'an entry', withHistory((page) => page.locator('#rows button').first().click())],
  ['history', 'no match', withHistory((page) => page.getByLabel('Day', { exact: true }).fill('2001-01-01'))],
  ['history', 'a warning', withHistory(inTurn(click('button', 'Delete everything'), dialog))],

  ['start', 'open', start(inTurn(text('This page is ready'), text('Ready')))],
  ['start', 'asked', start(ask)],
  [
    'start',
    'denied',
    start(async (page, url) => {
      await ask(page, url);
      await page.getByRole('button', { name: 'Deny' }).last().click();
      await page.getByText('You denied').first().waitFor();
    }),
  ],

  ['demo', 'a card with a verdict', demo('show', verdict)],
  ['demo', 'a match', demo('off', (page) => likeUntilMatch(page), 20)],
  [
    'demo',
    'the end of the deck',
    demo('off', inTurn(press('ArrowLeft'), press('ArrowLeft'), text('That was everyone'))),
  ],
  ['overlay', 'a verdict', drawn('overlay', 'show', verdict)],
  ['overlay', 'a hidden verdict', drawn('overlay', 'learn', says(/^Scored/))],
  ['overlay', 'a pause', drawn('overlay', 'swipe', pause)],
  ['control', 'on the page', drawn('control', 'show', verdict)],
];

function press(key: string): (page: Page) => Promise<void> {
  return (page) => page.keyboard.press(key);
}

/** Presses a key until the session that swipes has noticed it. */
async function pause(page: Page): Promise<void> {
  const note = async () => {
    await page.keyboard.press('x');
    return (await readOverlay(page)).note;
  };
  await expect.poll(note, soon).toMatch(/paused/);
}

async function likeUntilMatch(page: Page): Promise<void> {
  const match = page.locator('[data-demo=match]');
  while (!(await match.isVisible())) await page.keyboard.press('ArrowRight');
}
