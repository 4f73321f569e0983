import { readFile } from 'node:fs/promises';
import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { expectAccessible } from '../support/accessible.ts';
import { dropControl, expectControlClear } from '../support/control-clear.ts';
import { chooseMode, consent, ExtensionBrowser, fitPopup, setOptions } from '../support/extension-browser.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { RealServer } from '../support/real-server.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { controlBox, focusControl, overlayBoxes, overlayStyle, readControl } from '../support/shown-overlay.ts';
import { Deck } from './deck.ts';
import { preparedPhotos } from './prepared-as-served.ts';
import { openStage, type Stage } from './stage.ts';

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

/** What exists in the extension's worker. */
interface Notifying {
  readonly chrome: {
    readonly notifications: {
      getAll(): Promise<Record<string, true>>;
      readonly onClicked: { dispatch(id: string): void };
    };
    readonly tabs: { query(wanted: { active: true }): Promise<{ url?: string }[]> };
  };
}

/** By how much a confidence may differ between the two preparations, in percentage points. On average, it is less than 0.5. */
const MOST_PERCENT_OFF = 5;

describe.skipIf(!chromium)('the extension in a real browser', () => {
  let stage: Stage;
  let browser: ExtensionBrowser;
  let page: Page;
  let popup: Page;
  let options: Page;

  beforeAll(async () => {
    const opening = ExtensionBrowser.open(chromium!, { headless: true, updates: true });
    stage = await openStage();
    browser = await opening;
    browser.context.setDefaultTimeout(8_000);
    page = await browser.context.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  // The next scenario's settings are not meant for this one's deck.
  afterEach(async () => void (await page.goto('about:blank')));

  /** A tab in the back draws one frame a second: what is looked at comes to the front, and the deck returns there. */
  async function shoot(what: Page, name: string): Promise<void> {
    if (what !== page) await what.bringToFront();
    if (what === popup) expect(await fitPopup(popup), 'the browser cuts a popup at 600 px').toBeLessThanOrEqual(600);
    await takeScreenshot(what, name);
    await page.bringToFront();
  }
  const shootOnFailure = () =>
    onTestFailed(async ({ task }) => void (await shoot(page, `failed-${task.name.slice(0, 40)}`)));
  const toShow = { timeout: 20_000, interval: 20 };

  /** How many swipes of Swipenet's own the popup counts. */
  const swipesCounted = async () => {
    const counts = await popup.locator('[data-count=right], [data-count=left]').allTextContents();
    return counts.reduce((sum, text) => sum + Number(text), 0);
  };

  it('reads, sends and shows nothing before the consent', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    popup = await browser.openOwn('popup.html');
    await popup.getByRole('button', { name: 'Read and decide' }).waitFor();
    await shoot(popup, 'popup-before-consent');
    expect(await page.locator('swipenet-overlay, swipenet-control').count()).toBe(0);
    expect(await deck.deeds()).toEqual([]);
  });

  it('connects through consent page and options page', async () => {
    const consentPage = await browser.openOwn('consent.html');
    await shoot(consentPage, 'consent');
    await consentPage.close();
    await consent(browser);
    options = await browser.openOwn('options.html');
    expect(await setOptions(options, { address: stage.server.url, token: 'wrong' })).toContain('Connection failed');
    await shoot(options, 'options-wrong-token');
    const { url: address, token } = stage.server;
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}${ROUTES.pairingCode.path}`, { method: 'POST', headers });
    const { code } = pairingCodeAnswerSchema.parse(await answer.json());
    await options.getByLabel('Or pair with a code').fill(code.toLowerCase());
    await options.getByRole('button', { name: 'Pair' }).click();
    await options.getByText('Paired and saved').waitFor();
    expect(await options.getByLabel('Token', { exact: true }).inputValue()).not.toMatch(
      new RegExp(`^(wrong|${token})$`),
    );
    // The same deck is played again and again.
    await options.getByRole('checkbox', { name: 'Never the same person twice' }).uncheck();
    const said = await setOptions(options, { address, pace: 'none' });
    expect(said).toMatch(/^Connected: quality-int8 on the CPU/);
    await shoot(options, 'options');
    await options.emulateMedia({ colorScheme: 'dark' });
    await shoot(options, 'options-dark');
    await options.emulateMedia({ colorScheme: 'light' });
  });

  it('shows the server’s answer on every photo, and swipes nothing', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    const oracle = await Deck.oracle(stage, { profiles: 1 });
    const { photos, decision } = oracle.get((await deck.active())!)!;
    for (const [index, photo] of photos.entries()) {
      await page
        .getByRole('tab')
        .nth(index)
        .evaluate((tab: HTMLElement) => tab.click());
      // The browser prepares the photos, and the oracle has the server's own preparation.
      const percentOff = async () => {
        const [, label, percent] = /(LIKE|NOPE)([\d.]+)%/.exec(await deck.badge.textContent()) ?? [];
        return 'like' in photo && label === photo.label ? Math.abs(Number(percent) - 100 * photo.like) : 100;
      };
      if ('like' in photo) await expect.poll(percentOff, toShow).toBeLessThan(MOST_PERCENT_OFF);
      else await expect.poll(() => deck.badge.textContent(), toShow).toContain('no score');
    }
    expect(await preparedPhotos(stage.server)).toBeGreaterThan(0);
    expect(await deck.line.textContent()).toContain(decision.swipe === 'right' ? 'Swipe right' : 'Swipe left');
    await shoot(page, 'overlay-show');
    await expect.poll(() => popup.locator('[data-count=seen]').textContent()).toBe('1');
    await shoot(popup, 'popup-show');
    await expectAccessible(popup);
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Check this page' }).click();
    const check = popup.getByRole('dialog', { name: 'Check this page' });
    await expect
      .poll(() => check.locator('pre').textContent())
      .toMatch(/^Swipenet .*\ndemo: profile\nok {2}active card +1\n/);
    await expectAccessible(popup);
    await shoot(popup, 'popup-check');
    await check.getByRole('button', { name: 'Copy' }).click();
    await check.getByText('Copied').waitFor();
    await check.getByRole('button', { name: 'Close' }).click();
    await popup.emulateMedia({ colorScheme: 'dark' });
    await shoot(popup, 'popup-dark');
    await popup.emulateMedia({ colorScheme: 'light' });
    expect(await deck.deeds()).toEqual([]);
  });

  it('swipes every profile as the server decides, leaves a hold to the person, and presses nothing paid', async () => {
    shootOnFailure();
    const oracle = await Deck.oracle(stage); // draws the photos, too, so that no swipe waits for that
    await chooseMode(popup, 'Swipe');
    const deck = await Deck.open(page, stage);
    const begin = performance.now();
    await expect.poll(() => deck.note.isVisible(), { timeout: 40_000, interval: 10 }).toBe(true);
    const swipedInMs = performance.now() - begin;
    const swiped = (await deck.swipes()).length;
    await shoot(page, 'hold');
    await shoot(popup, 'popup-hold');
    const held = (await deck.active())!;
    expect(oracle.get(held)?.decision.swipe).toBe('hold');
    const rest = performance.now();
    await page.locator('[data-demo=nope]').click(); // the person's own, trusted
    await expect.poll(() => page.locator('[data-demo=end]').isVisible(), { timeout: 40_000, interval: 10 }).toBe(true);
    const seconds = (swipedInMs + performance.now() - rest) / 1_000;
    const deeds = await deck.deeds();
    const swipes = await deck.swipes();
    console.log(
      `${swipes.length - 1} swipes in ${seconds.toFixed(2)} s: ${((swipes.length - 1) / seconds).toFixed(1)} a second` +
        ` (the first ${swiped}: ${((swiped / swipedInMs) * 1_000).toFixed(1)})`,
    );
    expect(swipes.map(({ profile }) => profile)).toEqual([...oracle.keys()]);
    for (const { kind, profile, trusted } of swipes) {
      const byServer = oracle.get(profile)?.decision.swipe === 'right' ? 'like' : 'nope';
      const expected = profile === held ? { kind: 'nope', trusted: true } : { kind: byServer, trusted: false };
      expect({ profile, kind, trusted }).toEqual({ profile, ...expected });
    }
    expect(new Set(deeds.map(({ kind }) => kind))).toEqual(new Set(['like', 'nope', 'match-dismissed']));
    await expect.poll(() => popup.locator('#reason').textContent()).toContain('no more profiles');
    await expect.poll(() => popup.locator('[data-count=held]').textContent()).toBe('1');
    await expect.poll(swipesCounted).toBe(swipes.length - 1);
  });

  it('counts the last swipe of a deck also when a match lies over its end', async () => {
    shootOnFailure();
    const before = await swipesCounted();
    const deck = await Deck.open(page, stage, { profiles: 12 }); // the twelfth goes right and likes back
    await expect.poll(async () => (await deck.swipes()).length, { ...toShow, timeout: 40_000 }).toBe(12);
    await expect.poll(async () => (await deck.deeds()).at(-1)?.kind, toShow).toBe('match-dismissed');
    await expect.poll(swipesCounted, toShow).toBe(before + 12);
    await expect.poll(() => popup.locator('#reason').textContent()).toContain('no more profiles');
  });

  it('is off within the same card', async () => {
    shootOnFailure();
    await setOptions(options, { pace: 120 });
    const deck = await Deck.open(page, stage);
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    await chooseMode(popup, 'Off');
    await page.bringToFront();
    await expect.poll(() => page.locator('swipenet-overlay').count(), toShow).toBe(0);
    const then = (await deck.swipes()).length;
    await page.waitForTimeout(900); // the pace's pause, and more
    expect((await deck.swipes()).length).toBe(then);
    await shoot(popup, 'popup-off');
    await setOptions(options, { pace: 'none' });
  });

  it('is off at once by the panic key', async () => {
    shootOnFailure();
    await chooseMode(popup, 'Show');
    const said = await popup.locator('#panic').textContent();
    expect(said).toBe('Alt+Shift+O turns Swipenet off. Alt+Shift+K pauses it.');
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    await press('panic-stop');
    await expect.poll(() => page.locator('swipenet-overlay, swipenet-control').count(), toShow).toBe(0);
    await expect.poll(() => popup.getByRole('radio', { name: 'Off' }).isChecked(), toShow).toBe(true);
    for (const mode of ['Show', 'Learn', 'Swipe']) {
      await press(`mode-${mode.toLowerCase()}`);
      await expect.poll(() => popup.getByRole('radio', { name: mode }).isChecked(), toShow).toBe(true);
    }
    await setOptions(options, { pace: 60 });
    await page.bringToFront();
    await expect.poll(async () => (await readControl(page))?.state, toShow).toBe('Running');
    await press('pause-resume');
    await expect.poll(async () => (await readControl(page))?.state, toShow).toBe('Paused');
    await press('pause-resume');
    await expect.poll(async () => (await readControl(page))?.state, toShow).toBe('Running');
    await setOptions(options, { pace: 'none' });
  });

  describe('the control on the page', () => {
    let deck: Deck;
    const state = async () => (await readControl(page))?.state;
    const swipes = async () => (await deck.swipes()).length;
    const center = async (part: string) => {
      const { x, y, width, height } = (await controlBox(page, part))!;
      return [x + width / 2, y + height / 2] as const;
    };
    const click = async (part: string) => await page.mouse.click(...(await center(part)));
    /** Clicks until it counts: a click on what has just come under the pointer doesn't, and a busy browser looks late. */
    const clickUntil = async (wanted: 'Paused' | 'Running') => {
      const clicked = async () => {
        if ((await state()) !== wanted) await click('act');
        return await state();
      };
      await expect.poll(clicked, { ...toShow, interval: 200 }).toBe(wanted);
    };
    /** Waits until everyone who watches what is in plain sight must have noticed what is drawn by now. */
    const noticed = () =>
      page.evaluate(async () => {
        const delayMs = 100; // the least that browsers allow, and what the control asks for
        const looked = () =>
          new Promise<void>((resolve) => {
            const options = { trackVisibility: true, delay: delayMs } as IntersectionObserverInit;
            const observer = new IntersectionObserver(() => {
              observer.disconnect();
              resolve();
            }, options);
            observer.observe(document.body);
          });
        await looked(); // in a frame in which the others may still have had to wait
        await new Promise((over) => setTimeout(over, delayMs));
        await looked(); // in one in which they looked, too, and were told before
      });

    beforeAll(async () => {
      await setOptions(options, { pace: 60 });
      await chooseMode(popup, 'Swipe');
    });
    beforeEach(async () => {
      deck = await Deck.open(page, stage, { seed: 3 });
      await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe/);
    });
    afterAll(async () => void (await setOptions(options, { pace: 'none' })));

    it('pauses and resumes, which isn’t an act on the page', async () => {
      shootOnFailure();
      await expect.poll(swipes, toShow).toBeGreaterThan(0);
      await clickUntil('Paused');
      const then = await swipes();
      await page.waitForTimeout(1_100); // the pace's pause, and more
      expect(await swipes()).toBe(then);
      await shoot(page, 'control-paused');
      await page.emulateMedia({ colorScheme: 'dark' });
      await shoot(page, 'control-dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await clickUntil('Running');
      await expect.poll(swipes, toShow).toBeGreaterThan(then);
      expect([await state(), await deck.note.isVisible()]).toEqual(['Running', false]);
    });

    it('does nothing for the page’s scripts, nor for a click on what the person can’t see', async () => {
      shootOnFailure();
      const seen = await page.evaluate(() => {
        const host = document.querySelector<HTMLElement>('swipenet-control')!;
        host.style.setProperty('opacity', '0', 'important');
        const init = { bubbles: true, composed: true, key: 'Enter', button: 0, detail: 1 };
        host.click();
        for (const type of ['pointerdown', 'mousedown', 'click']) host.dispatchEvent(new MouseEvent(type, init));
        for (const type of ['keydown', 'keyup']) host.dispatchEvent(new KeyboardEvent(type, init));
        const cover = document.body.appendChild(document.createElement('div'));
        cover.popover = 'manual';
        cover.style.cssText = 'inset: 0; width: 100vw; height: 100vh; pointer-events: none; background: #fffd';
        cover.showPopover();
        return [host.shadowRoot, getComputedStyle(host).opacity];
      });
      expect(seen).toEqual([null, '1']);
      await noticed();
      await click('act');
      await page.waitForTimeout(200);
      expect(await state()).toBe('Running');
      await page.evaluate(() => document.querySelector('[popover]')!.remove());
      await clickUntil('Paused');
    });

    it('is the only thing of ours that a click reaches', async () => {
      await clickUntil('Paused'); // so that the overlay stays as it is
      const at = (x: number, y: number) =>
        page.evaluate((point) => document.elementFromPoint(...point)?.localName, [x, y] as const);
      expect(await at(...(await center('act')))).toBe('swipenet-control');
      const boxes = await overlayBoxes(page);
      expect(boxes.length).toBeGreaterThan(2);
      for (const { x, y, width, height } of boxes) {
        expect(await at(x + width / 2, y + height / 2)).not.toMatch(/^swipenet/);
      }
    });

    it('is moved with the keyboard, and the page sees none of its keys', async () => {
      shootOnFailure();
      // A listener that the page adds first of all sees the keys of the page, and none of the control's.
      const heard = "globalThis.heard = []; addEventListener('keydown', ({ key }) => heard.push(key), true);";
      await page.route('**/page.js', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${heard}${await response.text()}` });
      });
      onTestFinished(() => page.unroute('**/page.js'));
      deck = await Deck.open(page, stage, { seed: 3 });
      await expect.poll(state, toShow).toBe('Running');
      let before = await controlBox(page);
      const hasMoved = async () => {
        const last = before;
        before = await controlBox(page);
        return JSON.stringify(before) !== JSON.stringify(last);
      };
      await expect.poll(hasMoved, { ...toShow, interval: 500 }).toBe(false); // it looks around 200 ms after a change
      await focusControl(page, 'handle');
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
      const { x, y } = (await controlBox(page))!;
      expect([x - before!.x, y - before!.y]).toEqual([-32, -16]);
      expect(await state()).toBe('Running');
      await focusControl(page, 'act');
      await page.keyboard.press('Space');
      await expect.poll(state, toShow).toBe('Paused');
      expect(await page.evaluate('heard')).toEqual([]);
      expect((await deck.deeds()).filter(({ input }) => input === 'key')).toEqual([]);
      // Space turns photos over. So does Swipenet while it reads a card, and then returns to the first.
      await expect.poll(() => page.getByRole('tab').first().getAttribute('aria-selected'), toShow).toBe('true');
    });

    it('slides off a button that it is dropped on, stays there, and fits a narrow window', async () => {
      shootOnFailure();
      const like = (await page.locator('[data-demo=like]').boundingBox())!;
      await dropControl(page, page.locator('[data-demo=like]'));
      await expectControlClear(page, 'dropped on Like');
      const dropped = (await controlBox(page))!;
      expect(Math.hypot(dropped.x - like.x, dropped.y - like.y)).toBeLessThan(150);
      expect(await state()).toBe('Running');
      await page.reload();
      await expect.poll(() => controlBox(page), toShow).toEqual(dropped);
      await page.setViewportSize({ width: 360, height: 640 });
      await expect.poll(async () => (await controlBox(page))!.x, toShow).toBeLessThan(360 - 170);
      await expectControlClear(page, '360 px');
      await shoot(page, 'control-narrow');
      await page.setViewportSize({ width: 1100, height: 800 });
    });

    it('chooses the mode, is hidden, and is shown again from the popup', async () => {
      shootOnFailure();
      await focusControl(page, 'mode');
      for (const mode of ['Learn', 'Show']) {
        await page.keyboard.press('ArrowUp');
        await expect.poll(() => popup.getByRole('radio', { name: mode }).isChecked(), toShow).toBe(true);
      }
      const hidden = async () => {
        if (await controlBox(page, 'hide')) await click('hide');
        return await controlBox(page);
      };
      await expect.poll(hidden, { ...toShow, interval: 200 }).toBeUndefined();
      await popup.bringToFront();
      await popup.getByRole('button', { name: 'Show the control on the page' }).click();
      await page.bringToFront();
      await expect.poll(() => controlBox(page), toShow).toBeDefined();
    });
  });

  it('goes on by itself after the server was stopped and started, and loses no profile', async () => {
    shootOnFailure();
    // Another server than the one that serves the page.
    const scorer = await RealServer.start();
    onTestFinished(() => scorer.remove());
    // At this pace, the server stops before all ten profiles have been scored ahead.
    await setOptions(options, { address: scorer.url, token: scorer.token, pace: 120 });
    await chooseMode(popup, 'Swipe');
    const deck = await Deck.open(page, stage, { profiles: 10 });
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    await scorer.stop();
    await expect.poll(() => deck.line.textContent(), toShow).toContain('reach the server');
    const then = await deck.swipes();
    await expect.poll(() => popup.locator('#reason').textContent(), toShow).toContain('reach the server');
    await popup.reload();
    await popup.getByText('Not connected').waitFor();
    await shoot(page, 'server-stopped');
    await shoot(popup, 'popup-server-stopped');
    expect(await deck.swipes()).toEqual(then);
    await scorer.startAgain();
    await page.bringToFront();
    await expect.poll(() => page.locator('[data-demo=end]').isVisible(), { ...toShow, timeout: 40_000 }).toBe(true);
    expect(new Set((await deck.swipes()).map(({ profile }) => profile)).size).toBe(10);
    expect(await deck.swipes()).toHaveLength(10);
    await setOptions(options, { address: stage.server.url, token: stage.server.token, pace: 'none' });
  });

  it('goes on after the browser has ended the worker', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage, { profiles: 5, seed: 2 });
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    const ended = await endWorker();
    expect(ended).toBe(true);
    await expect.poll(() => page.locator('[data-demo=end]').isVisible(), toShow).toBe(true);
    expect(new Set((await deck.swipes()).map(({ profile }) => profile)).size).toBe(5);
    expect(await deck.swipes()).toHaveLength(5);
  });

  it('leaves the page to the person who clicks, and goes on at Resume', async () => {
    shootOnFailure();
    await setOptions(options, { pace: 120 });
    const deck = await Deck.open(page, stage);
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    await page.mouse.click(20, 400);
    await expect.poll(() => deck.note.isVisible(), toShow).toBe(true);
    await shoot(page, 'person-acted');
    const then = (await deck.swipes()).length;
    await page.waitForTimeout(700);
    expect((await deck.swipes()).length).toBe(then);
    await shoot(popup, 'popup-person-acted');
    await popup.bringToFront();
    await popup.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(then);
    await chooseMode(popup, 'Show');
    await setOptions(options, { pace: 'none' });
  });

  it('ends where single-page navigation leaves the deck, and starts anew where it comes back', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    await page.evaluate(() => history.pushState(null, '', '/elsewhere'));
    await expect.poll(() => page.locator('swipenet-overlay').count(), toShow).toBe(0);
    await page.goBack();
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
  });

  it('says so when the token is wrong', async () => {
    shootOnFailure();
    await setOptions(options, { token: 'not-the-token' });
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toContain('rejected the token');
    await shoot(page, 'token-wrong');
    await setOptions(options, { token: stage.server.token });
    await page.bringToFront();
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
  });

  it('takes no unreadable number for an empty field', async () => {
    for (const name of ['Swipes per minute', 'Patience, in percent']) {
      await options.reload();
      await options.bringToFront();
      await options.getByRole('checkbox', { name: 'Swipes per minute' }).check();
      const field = options.getByRole('spinbutton', { name, exact: true });
      await field.fill('');
      await field.pressSequentially('1e'); // of which the browser gives a script nothing
      await options.getByRole('button', { name: 'Save' }).click();
      await options.getByText(`${name}: enter a`).waitFor();
      expect(await field.evaluate((input) => input.matches(':focus[aria-invalid=true]'))).toBe(true);
    }
    await options.reload();
    expect(await options.getByRole('checkbox', { name: 'Swipes per minute' }).isChecked()).toBe(false);
  });

  it('switches the pause off only behind a warning, where Escape and the first button keep it', async () => {
    await options.reload();
    await options.bringToFront();
    const pace = options.getByRole('checkbox', { name: 'Swipes per minute' });
    const field = options.getByRole('spinbutton', { name: 'Swipes per minute' });
    const warning = options.getByRole('dialog', { name: 'Swipe without pauses?' });
    await pace.check();
    for (const key of ['Escape', 'Enter']) {
      await pace.focus();
      await options.keyboard.press('Space');
      await warning.waitFor();
      expect(await warning.locator(':focus').textContent()).toBe('Keep the pauses');
      await options.keyboard.press(key);
      await warning.waitFor({ state: 'hidden' });
      // The dialog's close event comes after it is hidden.
      await expect.poll(async () => [await pace.isChecked(), await field.isEnabled()], toShow).toEqual([true, true]);
    }
    await setOptions(options, { pace: 'none' });
    expect([await pace.isChecked(), await field.isEnabled()]).toEqual([false, false]);
  });

  it('exports the settings, resets them, and imports them again', async () => {
    shootOnFailure();
    await options.reload();
    await options.bringToFront();
    await options.getByRole('spinbutton', { name: 'Patience, in percent' }).fill('150');
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText(/^Saved/).waitFor();
    const saving = options.waitForEvent('download');
    await options.getByRole('button', { name: 'Export settings' }).click();
    const file = await (await saving).path();
    const token = await options.getByLabel('Token', { exact: true }).inputValue();
    expect(await readFile(file, 'utf8')).not.toContain(token);
    await options.getByRole('button', { name: 'Reset settings' }).click();
    const dialog = options.getByRole('dialog', { name: 'Reset your settings?' });
    expect(await dialog.locator(':focus').textContent()).toBe('Keep my settings');
    await expectAccessible(options);
    await dialog.getByRole('button', { name: 'Reset' }).click();
    const patience = options.getByRole('spinbutton', { name: 'Patience, in percent' });
    const pace = options.getByRole('checkbox', { name: 'Swipes per minute', exact: true });
    await expect.poll(async () => [await patience.inputValue(), await pace.isChecked()], toShow).toEqual(['100', true]);
    await options.locator('#settings-file').setInputFiles(file);
    await options.getByText('swipe without pauses. Sites ban').waitFor();
    await shoot(options, 'options-import');
    await options.getByRole('button', { name: 'Import', exact: true }).click();
    await expect
      .poll(async () => [await patience.inputValue(), await pace.isChecked()], toShow)
      .toEqual(['150', false]);
    expect(await options.getByLabel('Token', { exact: true }).inputValue()).toBe(token);
    await patience.fill('100');
    await setOptions(options, {});
  });

  it('prepares a report about the page, and shows it first', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    await options.bringToFront();
    await options.getByRole('button', { name: 'Report a problem' }).click();
    const report = options.getByRole('dialog', { name: 'Report a problem' });
    await expect
      .poll(() => report.locator('pre').textContent())
      .toMatch(/Swipenet 0.+\ndemo: profile\nok {2}active card/);
    const { searchParams } = new URL((await report.getByRole('link').getAttribute('href'))!);
    expect([searchParams.get('page'), searchParams.get('check')]).toEqual([
      'demo: profile',
      expect.stringContaining('ok  active card'),
    ]);
    await expectAccessible(options);
    await shoot(options, 'options-report');
    await report.getByRole('button', { name: 'Close' }).click();
    await shoot(options, 'options-about');
  });

  it('stops where the consent is withdrawn in the options, and asks for it again', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    await options.bringToFront();
    await options.getByRole('button', { name: 'Withdraw consent' }).click();
    await options.getByText("haven't agreed").waitFor();
    await expect.poll(() => page.locator('swipenet-overlay').count(), toShow).toBe(0);
    await popup.getByRole('button', { name: 'Read and decide' }).waitFor();
    await shoot(options, 'options-consent-withdrawn');
    await consent(browser);
    await page.bringToFront();
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
  });

  it('says to reload the tab when the extension is updated, and swipes no more until then', async () => {
    shootOnFailure();
    await setOptions(options, { pace: 60 });
    await chooseMode(popup, 'Swipe');
    const deck = await Deck.open(page, stage);
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    expect(await overlayStyle(page, 'gone', 'visibility')).toBe('hidden');
    await browser.update(['notifications']); // the browser's own prompt for them can't be answered from outside
    await page.bringToFront();
    await expect.poll(() => overlayStyle(page, 'gone', 'visibility'), toShow).toBe('visible');
    for (const part of ['frame', 'toast']) expect(await overlayStyle(page, part, 'visibility')).not.toBe('visible');
    await shoot(page, 'extension-updated');
    const then = (await deck.swipes()).length;
    await page.waitForTimeout(1_100); // the pace's pause, and more
    expect(await deck.swipes()).toHaveLength(then);
    popup = await browser.openOwn('popup.html'); // the update has closed the other one
    await page.bringToFront();
    await popup.reload(); // behind the page, which is the active tab
    await expect.poll(() => popup.locator('#reason').textContent(), toShow).toContain('Reload this tab');
    await shoot(popup, 'popup-reload');
    await page.reload();
    await expect.poll(() => deck.line.textContent(), toShow).toMatch(/Swipe|Left to you/);
    expect(await page.locator('swipenet-overlay').count()).toBe(1);
  });

  it('notifies of a stop behind another tab, and leads to it', async () => {
    shootOnFailure();
    const deck = await Deck.open(page, stage);
    await expect.poll(async () => (await deck.swipes()).length, toShow).toBeGreaterThan(0);
    const worker = await browser.worker();
    const notices = async () =>
      Object.keys(await worker.evaluate(() => (globalThis as unknown as Notifying).chrome.notifications.getAll()));
    const stop = async () => {
      await popup.bringToFront();
      await page.mouse.click(20, 400);
      await expect.poll(notices, toShow).toHaveLength(1);
    };
    await stop();
    await popup.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(notices, toShow).toEqual([]);
    await stop();
    const [notice] = await notices();
    await worker.evaluate(
      (id) => (globalThis as unknown as Notifying).chrome.notifications.onClicked.dispatch(id),
      notice!,
    );
    await expect.poll(notices, toShow).toEqual([]);
    const active = () =>
      worker.evaluate(async () => {
        const [tab] = await (globalThis as unknown as Notifying).chrome.tabs.query({ active: true });
        return tab?.url;
      });
    await expect.poll(active, toShow).toContain('/demo');
  });

  /** Runs a command. Keys that are the browser's own can't be pressed from outside, so its event is raised. */
  async function press(command: string): Promise<void> {
    await (await browser.worker()).evaluate((name) => {
      const { commands } = (
        globalThis as unknown as { chrome: { commands: { onCommand: { dispatch(name: string): void } } } }
      ).chrome;
      commands.onCommand.dispatch(name);
    }, command);
  }

  /** Ends the worker as the browser does. */
  async function endWorker(): Promise<boolean> {
    const session = await browser.context.browser()?.newBrowserCDPSession();
    if (!session) return false;
    const { targetInfos } = await session.send('Target.getTargets');
    const worker = targetInfos.find(({ type }) => type === 'service_worker');
    return worker ? (await session.send('Target.closeTarget', { targetId: worker.targetId })).success : false;
  }
});
