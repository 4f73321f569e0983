import { afterAll, beforeAll, describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { FIREFOX_ADVICE, findOrInstallFirefox } from '../support/find-firefox.ts';
import { FirefoxBrowser } from '../support/firefox-browser.ts';
import type { FirefoxTab } from '../support/firefox-tab.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { StubScorer } from '../twins/stub-scorer.ts';
import { TwinServer } from '../twins/tinder/server.ts';
import { TinderProxy } from '../twins/tinder-proxy.ts';
import { Deck, recordOf } from './deck.ts';
import { expectPreparedAsServed, preparedPhotos, whyNotPrepared } from './prepared-as-served.ts';
import { openStage, type Stage } from './stage.ts';

const firefox = findOrInstallFirefox();
if (!firefox && process.env.CI) throw new Error(`the Firefox test cannot run: ${FIREFOX_ADVICE}`);
if (!firefox) console.warn(`the Firefox test is skipped: ${FIREFOX_ADVICE}`);

const soon = { timeout: 20_000, interval: 100 }; // each look takes Firefox some work

/** What exists in the browser's own window. */
declare const Services: { readonly prefs: { setBoolPref(name: string, value: boolean): void } };

/** A name that Firefox takes for this machine, and the extension doesn't. */
const REMOTE = 'swipenet.example';

/** What exists in the extension's own pages. */
interface Notifying {
  readonly browser: { readonly notifications: { getAll(): Promise<object> } };
}

describe.skipIf(!firefox)('the extension in Firefox', () => {
  let stage: Stage;
  let twin: TwinServer;
  let proxy: TinderProxy;
  let browser: FirefoxBrowser;
  let page: FirefoxTab;
  let popup: FirefoxTab;
  let options: FirefoxTab;

  beforeAll(async () => {
    twin = await TwinServer.start({ profiles: 20, page: { animationMs: 30, lingerMs: 50 } });
    proxy = await TinderProxy.start(twin);
    [browser, stage] = await Promise.all([
      FirefoxBrowser.open(firefox!, { 'network.dns.localDomains': REMOTE, ...proxy.preferences }),
      openStage(['--allow-host', REMOTE, '--rate-burst', '10000']),
    ]);
    page = await browser.openTab('about:blank');
    popup = await browser.openOwn('popup.html');
  });

  afterAll(async () => {
    await browser?.close();
    await Promise.all([stage?.close(), proxy?.close(), twin?.close()]);
  });

  const shoot = async (tab: FirefoxTab, name: string) => await takeScreenshot(tab, `${name}-firefox`);
  const shootOnFailure = () => onTestFailed(async ({ task }) => await shoot(page, `failed-${task.name.slice(0, 40)}`));
  const line = async () => (await page.overlay()).line;
  const choose = async (mode: 'show' | 'learn' | 'swipe') => {
    await popup.click(`label:has([value=${mode}])`);
    await page.bringToFront();
  };
  const open = async (run: string) => await page.goto(`${stage.pageUrl}?run=${run}`);
  /** Enters a server in the options, tries it, and saves it. */
  async function connectTo(address: string, token: string): Promise<void> {
    await options.fill('#address', address);
    await options.fill('#token', token);
    await options.click('button', 'Try it');
    await expect.poll(() => options.text('#tried'), soon).toMatch(/^Connected: /);
    await options.click('button', 'Save');
    await expect.poll(() => options.text('#consent-state'), soon).toContain(address);
  }
  const hidden = async () => (await line()) === 'Scored. Hidden until you swipe';
  const swipes = async (run: string) => (await recordOf(stage, run)).filter(({ kind }) => kind !== 'match-dismissed');

  it('reads nothing before the consent, then connects with one click on the start page', async () => {
    shootOnFailure();
    const start = await browser.openTab(stage.server.link);
    const consent = await browser.openedOwn('consent.html');
    await open('before');
    expect(await page.overlay()).toEqual({});
    await consent.click('button', 'I agree');
    await expect.poll(() => consent.text('#said'), soon).toContain('Thank you');
    await consent.close();
    options = await browser.openOwn('options.html');
    await options.fill('#patience', '10'); // it leaves the page to the person for 150 ms after each swipe, not 1,500
    await options.click('#perMinute-on');
    await options.click('button', 'Swipe without pauses');
    await options.click('#asksMe');
    await options.click('#holdsSeen'); // the same deck is played again
    await options.click('#spotCheckEvery-on');
    await options.fill('#address', stage.server.url);
    await options.click('#connect');
    await expect.poll(() => options.text('#connecting'), soon).toContain('Click Allow');
    await start.click('button', 'Allow');
    await expect.poll(() => start.text('.pairing h2'), soon).toMatch(/^Firefox on .+ is connected$/);
    await shoot(start, 'start-page');
    await expect.poll(() => options.text('#connecting'), soon).toContain('Paired and saved');
    await options.click('button', 'Save');
    await expect.poll(() => options.text('#saved'), soon).toContain('Saved');
    await start.close();
  });

  it('shows every screen of the studio', async () => {
    const tab = await browser.openTab(`${stage.server.url}/studio`);
    await expect.poll(() => tab.text('.figures dd'), soon).toBe('Ready');
    const links = await tab.evaluate(() =>
      [...document.querySelectorAll('nav a')].map((link) => [link.textContent, link.getAttribute('href')] as const),
    );
    expect(links.length).toBeGreaterThan(1);
    for (const [title, href] of links) {
      await tab.click(`nav a[href="${href}"]`);
      await expect.poll(() => tab.text('h1'), soon).toBe(title);
      await expect
        .poll(() => tab.evaluate(() => document.querySelector('main section, main form') !== null), soon)
        .toBe(true);
    }
    await tab.close();
  });

  it('swipes 20 profiles as the server decides, and leaves a hold to the person', async () => {
    shootOnFailure();
    await open('show');
    await expect.poll(line, soon).toMatch(/Swipe (right|left): /);
    expect((await page.overlay()).badge).toMatch(/(LIKE|NOPE)\d+\.\d\d%/);
    await shoot(page, 'overlay');
    await choose('swipe');
    await expect.poll(async () => (await page.overlay()).note, { ...soon, timeout: 40_000 }).toBeDefined();
    await page.click('[data-demo=nope]');
    await expect.poll(async () => (await swipes('show')).length, { ...soon, timeout: 60_000 }).toBe(20);
    await popup.bringToFront();
    await shoot(popup, 'popup');
    const oracle = await Deck.oracle(stage); // the server still knows these photos
    for (const { profile, kind, trusted } of await swipes('show')) {
      const { swipe } = oracle.get(profile)!.decision;
      expect({ profile, kind, trusted }).toEqual({
        profile,
        kind: swipe === 'right' ? 'like' : 'nope',
        trusted: swipe === 'hold',
      });
    }
  });

  it('is paused, resumed and moved by its control, which the page learns nothing of', async () => {
    shootOnFailure();
    const control = async () => (await page.control())!;
    await open('control');
    await expect.poll(async () => (await swipes('control')).length, soon).toBeGreaterThan(0);
    await page.clickAt((await control()).act);
    await expect.poll(async () => (await control()).state, soon).toBe('Paused');
    await shoot(page, 'control');
    const { handle } = await control();
    await page.focusHandle();
    await page.press('ArrowLeft');
    expect((await control()).handle).toEqual([handle[0] - 16, handle[1]]);
    const { length } = await swipes('control');
    await page.clickAt((await control()).act);
    await expect.poll(async () => (await swipes('control')).length, soon).toBeGreaterThan(length);
    expect((await swipes('control')).filter(({ input }) => input === 'key')).toEqual([]);
    await page.goto('about:blank');
  });

  it('prepares photos as the server does, unless Firefox changes what a canvas returns', async () => {
    expect(await preparedPhotos(stage.server)).toBeGreaterThan(0);
    const tab = await browser.openTab('about:blank');
    await expectPreparedAsServed((url) => tab.goto(url));
    const resist = async (value: boolean) =>
      await browser.inBrowser((on) => Services.prefs.setBoolPref('privacy.resistFingerprinting', on), value);
    await resist(true);
    expect(await whyNotPrepared((url) => tab.goto(url))).toBe('changed pixels');
    await resist(false);
    await tab.close();
  });

  it('learns from 20 swipes, also after Firefox has ended the event page', async () => {
    shootOnFailure();
    const consent = await browser.openOwn('consent.html');
    await consent.click('button', 'Learn from my swipes');
    expect(await browser.answerPrompt('allow')).toMatch(/website activity/i);
    await expect.poll(() => consent.text('#taste-said'), soon).toContain('Learning is on');
    await consent.close();
    await choose('learn');
    await open('learn'); // the deck from before, whose photos the server still knows
    const swiped: string[] = [];
    for (let at = 0; at < 20; at += 1) {
      await expect.poll(hidden, soon).toBe(true);
      if (at === 10) await browser.endEventPage();
      const likes = at % 3 === 0;
      if (at % 2 === 0) await page.press(likes ? 'ArrowRight' : 'ArrowLeft');
      else await page.click(likes ? '[data-demo=like]' : '[data-demo=nope]');
      if ((await page.text('[data-demo=dismiss]')) !== undefined) await page.click('[data-demo=dismiss]');
      swiped.push(likes ? 'right' : 'left');
    }
    await expect.poll(async () => (await stage.server.swipes()).length, soon).toBe(20);
    expect((await stage.server.swipes()).map(({ swipe }) => swipe)).toEqual(swiped.toReversed());
    await shoot(page, 'learn');
    await browser.takeBack({ data_collection: ['websiteActivity'] });
    await expect.poll(() => options.text('#taste-state'), soon).toContain("doesn't store your swipes");
  });

  it('reads tinder.com’s own data from the page’s world, and swipes there', async () => {
    shootOnFailure();
    const scorer = await StubScorer.start();
    onTestFinished(() => scorer.stop());
    await choose('show');
    await connectTo(scorer.url, scorer.token);
    await page.goto('https://tinder.com/app/recs');
    await expect.poll(line, soon).toMatch(/Swipe (right|left): /);
    // The photos of later cards aren't on the page yet. Only its own data has them.
    const scored = () => new Set(scorer.scores.flatMap(({ profiles }) => profiles)).size;
    await expect.poll(scored, soon).toBeGreaterThan(1);
    await choose('swipe');
    await expect.poll(() => twin.record.taken.length, soon).toBeGreaterThanOrEqual(5);
    expect(twin.record.paid).toEqual([]);
    await page.goto('about:blank');
    await connectTo(stage.server.url, stage.server.token);
  });

  it('takes an open deck over after an update, and notifies that it waits for Resume', async () => {
    shootOnFailure();
    await options.click('#notify');
    expect(await browser.answerPrompt('allow')).toMatch(/notifications/i);
    await choose('swipe');
    await open('updated');
    await expect.poll(async () => (await swipes('updated')).length, soon).toBeGreaterThan(0);
    const front = await browser.openTab('about:blank');
    await browser.turn('off');
    await page.bringToFront();
    await expect
      .poll(async () => await page.overlay(), soon)
      .toEqual({
        note: 'Swipenet was updated or turned off. Reload this tab.',
      });
    await shoot(page, 'extension-off');
    const then = await swipes('updated');
    await front.bringToFront();
    await browser.turn('on');
    options = await browser.openOwn('options.html');
    const notices = async () =>
      Object.keys(await options.evaluate(() => (window as unknown as Notifying).browser.notifications.getAll()));
    await expect.poll(notices, soon).toHaveLength(1);
    const isOn = () => options.evaluate(() => document.querySelector<HTMLInputElement>('#notify')!.checked);
    await expect.poll(isOn, soon).toBe(true);
    await page.bringToFront();
    await expect.poll(async () => (await page.overlay()).note, soon).toContain('Click Resume');
    expect(await page.evaluate(() => document.querySelectorAll('swipenet-overlay').length)).toBe(1);
    expect(await swipes('updated')).toEqual(then);
    popup = await browser.openOwn('popup.html');
    await popup.click('button', 'Resume');
    await page.bringToFront();
    await expect.poll(async () => (await swipes('updated')).length, soon).toBeGreaterThan(then.length);
    await expect.poll(notices, soon).toEqual([]);
    await options.click('#notify');
    await expect.poll(() => browser.permissions(), soon).not.toContain('notifications');
  });

  it('asks for access to a remote server, and says so once it is taken back', async () => {
    shootOnFailure();
    await options.fill('#address', `http://${REMOTE}:${new URL(stage.server.url).port}`);
    await options.click('button', 'Try it');
    expect(await browser.answerPrompt('deny')).toContain(REMOTE);
    await expect.poll(() => options.text('#tried'), soon).toContain('Without your permission');
    await options.click('button', 'Try it');
    await browser.answerPrompt('allow');
    await expect.poll(() => options.text('#tried'), soon).toMatch(/^Connected:/);
    await options.click('button', 'Save');
    const consent = await browser.openedOwn('consent.html');
    await consent.click('button', 'I agree');
    await expect.poll(() => popup.text('#server'), soon).toMatch(/^Connected/);
    await browser.takeBack({ origins: [`http://${REMOTE}/*`] });
    await expect.poll(() => popup.text('#access-text'), soon).toContain(REMOTE);
    await shoot(popup, 'popup-access');
    await popup.click('button', 'Allow access');
    await browser.answerPrompt('allow');
    await expect.poll(() => popup.text('#server'), soon).toMatch(/^Connected/);
  });
});
