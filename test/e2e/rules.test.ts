import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DEFAULT_RULES, type Rules } from '../../extension/src/rules/rules.ts';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { NO_LIMITS } from '../simulation/extension-view.ts';
import { expectAccessible } from '../support/accessible.ts';
import { chooseMode, consent, type ExtensionBrowser, storeSettings } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findOrInstallChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { readOverlay } from '../support/shown-overlay.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { truthOf } from '../twins/tinder/profiles.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { openTwin, withTwin } from '../twins/tinder/twin-handle.ts';
import { openTinderBrowser } from '../twins/tinder-browser.ts';
import { type ConnectedBrowser, openConnectedBrowser } from './connected-browser.ts';
import { Deck } from './deck.ts';
import type { Stage } from './stage.ts';

const chromium = findOrInstallChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);

const soon = { timeout: 20_000, interval: 20 };

/** What the demo page shows of a profile. */
const profilesSchema = z.array(
  z.object({ id: z.string(), distance: z.optional(z.string()), isVerified: z.boolean(), bio: z.string() }),
);

describe.skipIf(!chromium)('rules on the demo deck', () => {
  let connected: ConnectedBrowser;
  let stage: Stage;
  let page: Page;
  let popup: Page;
  let options: Page;

  beforeAll(async () => {
    connected = await openConnectedBrowser(chromium!, ['Spot checks']);
    ({ stage, page, popup, options } = connected);
  });

  afterAll(() => connected?.close());

  const shoot = async (what: Page, name: string) => {
    await what.bringToFront();
    await takeScreenshot(what, name, { fullPage: what !== page });
  };
  const group = (name: string) => options.getByRole('group', { name, exact: true });
  const save = async () => {
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText('Saved.', { exact: true }).waitFor();
  };
  const profiles = async (seed: number, count: number) => {
    const answer = await fetch(`${stage.pageUrl}/profiles?seed=${seed}&profiles=${count}`);
    return profilesSchema.parse(await answer.json());
  };

  it('are set on the options page, which refuses what makes no sense', async () => {
    await options.bringToFront();
    const distance = group('Maximum distance');
    expect(await distance.getByRole('spinbutton').isDisabled()).toBe(true);
    await distance.getByRole('checkbox').check();
    await distance.getByRole('spinbutton').fill('0');
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText('Maximum distance: enter a whole number from 1 to 1,000.').waitFor();
    expect(await distance.getByRole('spinbutton').getAttribute('aria-invalid')).toBe('true');
    await distance.getByRole('spinbutton').fill('30');
    const words = group('The bio must have none of these words');
    await words.getByRole('checkbox').check();
    await words.getByRole('textbox').fill('?!');
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText('“?!” has no letters, digits or emoji.', { exact: false }).waitFor();
    await words.getByRole('textbox').fill('bakery\ntripod');
    await words
      .getByLabel('If a profile doesn’t fit')
      .or(words.getByLabel("If a profile doesn't fit"))
      .selectOption('hold');
    await save();
    await options.reload();
    expect(await distance.getByRole('spinbutton').inputValue()).toBe('30');
    expect(await words.getByRole('textbox').inputValue()).toBe('bakery\ntripod');
  });

  it('are tried on the current card without being saved, also in Show', async () => {
    const deck = await Deck.open(page, stage, { profiles: 3, seed: 13 });
    await expect.poll(() => deck.line.textContent(), soon).not.toBe('');
    const [top] = await profiles(13, 3);
    const km = Number.parseInt(top!.distance!, 10);
    await options.bringToFront();
    const distance = group('Maximum distance');
    await distance.getByRole('spinbutton').fill(String(km - 1));
    await options.getByRole('button', { name: 'Try on the current card' }).click();
    const result = options.locator('#rules-result');
    await result
      .getByText(`${km} km is over your ${km - 1} km`)
      .first()
      .waitFor();
    await expectAccessible(options);
    await shoot(options, 'rules-options');
    await options.setViewportSize({ width: 340, height: 800 });
    await expect.poll(() => options.evaluate(() => document.documentElement.scrollWidth)).toBe(340);
    await shoot(options, 'rules-options-340');
    await options.setViewportSize({ width: 1100, height: 800 });
    await distance.getByRole('spinbutton').fill(String(km));
    await options.getByRole('button', { name: 'Try on the current card' }).click();
    await expect.poll(() => result.textContent()).not.toContain('is over your');
    await result.getByText('passes').first().waitFor();
    await options.reload();
  });

  it('swipe left or hold without asking the server, and say so on the card and in the history', async () => {
    const count = 12;
    const wanted = (await profiles(13, count)).map(({ id, distance = '', bio }) => {
      const isHeld = /\b(bakery|tripod)\b/i.test(bio);
      return [id, isHeld || !distance ? 'hold' : Number.parseInt(distance, 10) > 30 ? 'left' : 'scored'] as const;
    });
    expect(new Set(wanted.map(([, what]) => what)).size).toBe(3);
    const oracle = await Deck.oracle(stage, { profiles: count, seed: 13 });
    const networkOf = (id: string) => oracle.get(id)!.decision.swipe;
    const deck = await Deck.open(page, stage, { profiles: count, seed: 13 });
    await chooseMode(popup, 'Swipe');
    await page.bringToFront();
    const shot = new Set<string>();
    for (const [id, what] of wanted) {
      const isBroken = what === 'scored' && networkOf(id) === 'hold';
      if (what !== 'hold' && !isBroken) continue;
      await expect.poll(() => deck.active(), soon).toBe(id);
      const said = isBroken ? /Not every photo has a score/ : /Held: the (bio has|page doesn't show)/;
      await expect.poll(() => deck.note.textContent(), soon).toMatch(said);
      if (!shot.has(what)) await shoot(page, 'rules-held');
      shot.add(what);
      await page.keyboard.press('ArrowLeft');
    }
    await expect.poll(async () => (await deck.swipes()).length, soon).toBe(count);
    const made = await deck.swipes();
    for (const [at, [id, what]] of wanted.entries()) {
      const decided = what === 'scored' ? networkOf(id) : what;
      expect(made[at]).toMatchObject({ profile: id, trusted: decided === 'hold' });
      if (decided !== 'hold') expect([id, made[at]!.kind]).toEqual([id, decided === 'right' ? 'like' : 'nope']);
    }
    const history = await connected.browser.openOwn('swipe-history.html');
    const whys = () => history.locator('#rows .why').allTextContents();
    await expect
      .poll(async () => (await whys()).filter((why) => /km is over your 30 km$/.test(why)).length, soon)
      .toBe(wanted.filter(([, what]) => what === 'left').length);
    expect(await history.locator('#rows .who').allTextContents()).toContain('A rule: left');
    await expectAccessible(history);
    await shoot(history, 'rules-history');
    await history.close();
  });

  it('hold whoever was swiped before, with the earlier swipe, until that is turned off', async () => {
    const deck = await Deck.open(page, stage, { profiles: 1, seed: 13 });
    await expect.poll(() => deck.line.textContent(), soon).toMatch(/^Held: seen before\. .+ swiped (left|right) on /);
    await expect.poll(() => deck.note.textContent(), soon).toContain('Swipe this card yourself');
    await shoot(page, 'rules-seen-before');
    await options.bringToFront();
    await options.getByRole('checkbox', { name: 'Never the same person twice' }).uncheck();
    await save();
    await page.bringToFront();
    // The stop was about that, so it ends, too, and the rule decides.
    await expect.poll(() => deck.swipes(), soon).toMatchObject([{ kind: 'nope', trusted: false }]);
  });
});

describe.skipIf(!chromium)('rules on tinder.com, as its twin', () => {
  let twin: TwinServer;
  let scorer: StubScorer;
  let browser: ExtensionBrowser;
  let page: Page;

  beforeAll(async () => {
    twin = await TwinServer.start({ profiles: 40, page: { animationMs: 30, lingerMs: 50, rewinds: true } });
    scorer = await StubScorer.start();
    browser = await openTinderBrowser(chromium!, twin);
    browser.context.setDefaultTimeout(8_000);
    await consent(browser);
    page = await browser.context.newPage();
    await store({
      server: { address: scorer.url, token: scorer.token, profileKey: '' },
      ...{ patience: 0.3, limits: NO_LIMITS },
    });
    await page.bringToFront();
  });

  afterAll(async () => {
    await browser?.close();
    await scorer?.stop();
    await twin?.close();
  });

  const store = (change: Partial<Settings>) => storeSettings(browser, change);
  const line = async () => (await readOverlay(page)).line;
  const note = async () => (await readOverlay(page)).note;

  it('swipe by the page’s own data, in miles, and score nobody whom they decide', async () => {
    const rules: Rules = {
      ...DEFAULT_RULES,
      maxDistance: { on: true, value: 20, action: 'left', unknown: 'hold' },
      verifiedOnly: { on: true, action: 'left', unknown: 'hold' },
      unit: 'mi',
    };
    const isRuled = (index: number) => {
      const { distance, isVerified } = twin.deck.profile(index);
      return distance > 20 || !isVerified;
    };
    await store({ rules });
    await openTwin(page, '/app/recs');
    await store({ mode: 'swipe' });
    await expect.poll(() => twin.record.verdicts.length, soon).toBeGreaterThanOrEqual(20);
    await store({ mode: 'show' });
    await withTwin(page, (here) => here.settled());
    for (const { step, kind } of twin.record.verdicts) {
      const wanted = isRuled(step) || truthOf(twin.deck.profile(step)).swipe === 'left' ? 'pass' : 'like';
      expect([step, kind]).toEqual([step, wanted]);
    }
    const scored = scorer.scores.flatMap(({ profiles }) => profiles.map((id) => twin.deck.indexOf(id)!));
    expect(scored.filter(isRuled)).toEqual([]);
    expect(twin.record.verdicts.filter(({ step }) => isRuled(step)).length).toBeGreaterThan(5);
    await takeScreenshot(page, 'rules-tinder');
  });

  it('hold what the page’s data doesn’t have', async () => {
    await openTwin(page, '/app/recs?recs=hidden');
    await store({ mode: 'swipe' });
    await expect.poll(note, soon).toContain("Held: the page doesn't show the distance");
    await store({ mode: 'show', rules: DEFAULT_RULES });
    await expect.poll(line, soon).toMatch(/Swipe (left|right)/);
  });

  it('hold whoever the site shows once more, but not a card that the person takes back', async () => {
    await openTwin(page, '/app/recs');
    const before = twin.record.verdicts.length;
    await store({ mode: 'swipe' });
    await expect.poll(() => twin.record.verdicts.length, soon).toBeGreaterThan(before);
    await store({ mode: 'show' });
    await withTwin(page, (here) => here.settled());
    const last = twin.record.verdicts.at(-1)!.step;
    await page.locator('[class*=gamepad-sparks-rewind]').first().click();
    await expect.poll(async () => (await withTwin(page, (here) => here.active()))?.index, soon).toBe(last);
    await expect.poll(line, soon).toMatch(/Swipe (left|right)/); // not held
    // The site forgets a swipe that was never taken back.
    const swiped = twin.record.verdicts.at(-2)!.step;
    twin.deck.takeBack(twin.deck.profile(swiped).id);
    await openTwin(page, `/app/recs?from=${swiped}`);
    await expect.poll(line, soon).toMatch(/^Held: seen before\. (Swipenet|A rule) swiped (left|right) on /);
  });
});
