import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { swipeListSchema } from '@swipenet/shared/contract/swipes.ts';
import { tasteAnswerSchema } from '@swipenet/shared/contract/taste.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import type { Page } from 'playwright-core';
import {
  chooseMode,
  consent,
  consentToLearning,
  ExtensionBrowser,
  fitPopup,
  setOptions,
} from '../support/extension-browser.ts';
import { RealServer } from '../support/real-server.ts';
import { readOverlay } from '../support/shown-overlay.ts';

const ARTIFACTS = fileURLToPath(new URL('../artifacts', import.meta.url));

/** How often each of these happens per profile: the person takes a swipe back, sends a Super Like, or a process dies. */
const RATES = { rewind: 0.05, superLike: 0.03, worker: 0.03, server: 0.01 };

const WAIT_MS = 60_000;

/** What came of a story. `violations` is empty if everything was as it must be. */
export interface LearnStory {
  readonly labels: number;
  /** Labels until the first version swiped along, and until the gate opened; null if that never happened. */
  readonly firstVersion: number | null;
  readonly open: number | null;
  readonly rewinds: number;
  readonly superLikes: number;
  readonly workerDeaths: number;
  readonly serverDeaths: number;
  /** How many profiles Swipenet swiped once it was allowed to. */
  readonly swipedItself: number;
  readonly screenshots: readonly string[];
  readonly violations: readonly string[];
}

/**
 * Plays a person with a taste of the demo page, from a new browser profile: install, consent, Learn until the gate opens,
 * Swipe, delete. The person swipes by mouse and keys, takes swipes back and sends Super Likes, while the extension's worker
 * and the server die at random. Every label must arrive exactly once.
 */
export async function learnStory(options: {
  readonly chromium: string;
  readonly seed: number;
  readonly profiles: number;
  readonly taste: string;
  readonly onProgress: (text: string) => void;
}): Promise<LearnStory> {
  const { chromium, seed, profiles, taste, onProgress } = options;
  const random = seededRandom(seed);
  const server = await RealServer.start(['--rate-burst', '10000']);
  const browser = await ExtensionBrowser.open(chromium, { headless: true });
  mkdirSync(ARTIFACTS, { recursive: true });
  const screenshots: string[] = [];
  const violations: string[] = [];
  const shoot = async (page: Page, name: string) => {
    await page.bringToFront();
    if (page.url().endsWith('popup.html')) await fitPopup(page);
    const path = `${ARTIFACTS}learn-story-${screenshots.length + 1}-${name}.png`;
    await page.screenshot({ path });
    screenshots.push(path);
  };
  const json = async (path: string) => {
    const response = await fetch(server.url + path, { headers: { Authorization: `Bearer ${server.token}` } });
    return await response.json();
  };
  const tasteNow = async () => tasteAnswerSchema.parse(await json(ROUTES.taste.path));
  try {
    const consentPage = await browser.openOwn('consent.html');
    await shoot(consentPage, 'consent');
    await consentPage.close();
    await consent(browser);
    await consentToLearning(browser);
    const options = await browser.openOwn('options.html');
    await options.getByRole('checkbox', { name: 'Ask me about close calls' }).uncheck();
    await setOptions(options, { address: server.url, token: server.token, pace: 'none' });
    await options.close();
    const popup = await browser.openOwn('popup.html');
    await chooseMode(popup, 'Learn');
    const deck = await browser.context.newPage();
    await deck.goto(`${server.url}/demo?taste=${taste}&profiles=${profiles}&seed=${seed}`);

    const expected = new Map<string, 'right' | 'left'>();
    const events: string[] = [];
    const counts = { rewinds: 0, superLikes: 0, workerDeaths: 0, serverDeaths: 0 };
    let firstVersion: number | null = null;
    let open: number | null = null;
    const card = () => deck.locator('[data-demo=card][aria-hidden=false]');
    const isHidden = async () => /^Scored\. Hidden/.test((await readOverlay(deck)).line ?? '');
    const until = async (what: string, look: () => Promise<boolean>) => {
      for (const giveUp = performance.now() + WAIT_MS; !(await look()); await deck.waitForTimeout(20)) {
        if (performance.now() > giveUp) throw new Error(`waited too long for ${what}`);
      }
    };
    const press = async (kind: 'like' | 'nope' | 'super-like', byKey: boolean) => {
      const keys = { like: 'ArrowRight', nope: 'ArrowLeft', 'super-like': 'Enter' } as const;
      if (byKey) await deck.keyboard.press(keys[kind]);
      else await deck.locator(`button[data-demo=${kind}]`).click();
      const dismiss = deck.locator('[data-demo=dismiss]');
      if (await dismiss.isVisible()) await dismiss.click();
      await until('the next card', async () => !(await isHidden()));
    };
    await deck.bringToFront();
    for (let swiped = 0; swiped < profiles - 30 && open === null; swiped += 1) {
      await until('a hidden verdict', isHidden);
      const id = (await card().getAttribute('data-profile'))!;
      const likes = (await card().getAttribute('data-would-like')) === 'true';
      const byKey = random() < 0.5;
      if (random() < RATES.superLike) {
        events.push(`${id} super-like ${byKey ? 'key' : 'button'}`);
        await press('super-like', byKey);
        counts.superLikes += 1;
        continue;
      }
      if (random() < RATES.worker) {
        events.push(`${id} the worker dies`);
        counts.workerDeaths += 1;
        await (await browser.worker()).evaluate(() => close()).catch(() => {});
      }
      events.push(`${id} ${likes ? 'right' : 'left'} ${byKey ? 'key' : 'button'}`);
      await press(likes ? 'like' : 'nope', byKey);
      expected.set(id, likes ? 'right' : 'left');
      if (random() < RATES.rewind) {
        await until('a hidden verdict', isHidden);
        await deck.keyboard.press('Backspace');
        events.push(`${id} back`);
        counts.rewinds += 1;
        expected.delete(id);
        await until('the card that comes back', async () => (await card().getAttribute('data-profile')) === id);
        swiped -= 1;
        continue;
      }
      if (random() < RATES.server) {
        events.push(`${id} the server died`);
        counts.serverDeaths += 1;
        await server.kill();
        await server.startAgain();
      }
      if (expected.size % 10 !== 0) continue;
      await until('the version that is being learned', async () => {
        const { learning, likes: liked, passes } = await tasteNow();
        return !learning.isRunning && liked + passes === expected.size;
      }).catch((error: unknown) => violations.push(String(error)));
      const { agreement, versions } = await tasteNow();
      if (versions.length > 0) firstVersion ??= expected.size;
      if (agreement.isOpen) open = expected.size;
      onProgress(`${expected.size} labels, bound ${agreement.lowerBound.toFixed(2)}, ${versions.length} versions`);
      if (expected.size === 70) {
        await shoot(deck, 'learn');
        await shoot(popup, 'popup');
        await chooseMode(popup, 'Swipe');
        await popup.locator('#gate').waitFor();
        await shoot(popup, 'gate');
        await chooseMode(popup, 'Learn');
        await deck.bringToFront();
      }
    }

    violations.push(...(await labelViolations(json, expected, events, (await tasteNow()).profileKey)));
    let swipedItself = 0;
    if (open !== null) {
      const leftBefore = await deck.locator('[data-demo=left]').textContent();
      await chooseMode(popup, 'Swipe');
      await deck.bringToFront();
      const left = async () => Number.parseInt((await deck.locator('[data-demo=left]').textContent()) || '0', 10);
      const before = Number.parseInt(leftBefore!, 10);
      let spotChecks = 0;
      await until('ten swipes of its own', async () => {
        const { note = '' } = await readOverlay(deck);
        if (note.includes('Spot check')) {
          const id = (await card().getAttribute('data-profile'))!;
          const likes = (await card().getAttribute('data-would-like')) === 'true';
          expected.set(id, likes ? 'right' : 'left');
          spotChecks += 1;
          await deck.keyboard.press(likes ? 'ArrowRight' : 'ArrowLeft');
          await until('the next card', async () => (await card().getAttribute('data-profile')) !== id);
          await deck.waitForTimeout(500); // until the overlay is about that card
        }
        return before - (await left()) - spotChecks >= 10;
      }).catch((error: unknown) => violations.push(String(error)));
      swipedItself = before - (await left()) - spotChecks;
      await shoot(deck, 'swipe');
      await shoot(popup, 'proven');
    }
    await chooseMode(popup, 'Learn');
    await popup.getByRole('button', { name: 'Your data' }).click();
    await shoot(popup, 'versions');
    await popup.getByRole('button', { name: 'Delete everything' }).first().click();
    await popup
      .getByRole('dialog', { name: 'Delete everything?' })
      .getByRole('button', { name: 'Delete everything' })
      .click();
    const { profileKey } = await tasteNow();
    const codes = [...expected.keys()].map((id) => codeOf(id, profileKey));
    await until('deletion', async () => filesWith(server.home, codes).length === 0).catch((error: unknown) =>
      violations.push(`${String(error)}: ${filesWith(server.home, codes).join(', ')}`),
    );
    return { labels: expected.size, firstVersion, open, ...counts, swipedItself, screenshots, violations };
  } finally {
    await browser.close();
    await server.remove();
  }
}

/** The code of a profile, as the extension computes it. */
const codeOf = (id: string, profileKey: string) =>
  createHmac('sha256', Buffer.from(profileKey, 'base64url')).update(`demo:${id}`).digest('hex');

/** Returns every label that is missing, doubled or wrong on the server, with what happened to its profile. */
async function labelViolations(
  json: (path: string) => Promise<unknown>,
  expected: ReadonlyMap<string, string>,
  events: readonly string[],
  profileKey: string,
): Promise<string[]> {
  const about = (id: string) => `${id}: ${events.filter((event) => event.startsWith(`${id} `)).join(', ')}`;
  const ids = new Map(events.map((event) => event.split(' ')[0]!).map((id) => [codeOf(id, profileKey), id]));
  const stored = new Map<string, string>();
  const violations: string[] = [];
  for (let cursor = ''; ; ) {
    const { swipes, next } = swipeListSchema.parse(await json(`${ROUTES.swipeList.path}${cursor}`));
    for (const { profile, swipe } of swipes) {
      const id = ids.get(profile) ?? profile;
      if (stored.has(id)) violations.push(`doubled: ${about(id)}`);
      if (!expected.has(id)) violations.push(`unexpected: ${about(id)}`);
      else if (expected.get(id) !== swipe) violations.push(`stored as ${swipe}: ${about(id)}`);
      stored.set(id, swipe);
    }
    if (next === null) break;
    cursor = `?cursor=${next}`;
  }
  const missing = [...expected.keys()].filter((id) => !stored.has(id));
  return [...violations, ...missing.map((id) => `missing: ${about(id)}`)];
}

/** The files of a folder that contain one of these texts. */
const filesWith = (folder: string, texts: readonly string[]) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => {
      const bytes = bytesOf(path);
      return texts.some((text) => bytes.includes(text));
    });

/** Returns a file's bytes, or none if it has been deleted by now. */
function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
