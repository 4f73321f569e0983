import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/find-chromium.ts';
import { Deck } from './deck.ts';
import { openStage, type Stage } from './stage.ts';

// The demo page itself, without the extension.

const executablePath = findChromium();

describe.skipIf(!executablePath)('the demo page', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  const press = (name: string) => page.locator(`button[data-demo=${name}]`).click();

  const active = () => page.locator('[data-demo=card][aria-hidden=false]');

  const swiped = () => page.locator('[data-demo=deck]').getAttribute('data-swiped');

  async function dismissMatch(): Promise<void> {
    const dismiss = page.locator('button[data-demo=dismiss]');
    if (await dismiss.isVisible()) await dismiss.click();
  }

  it('takes back the last swipes, by mouse and by key, and says so', async () => {
    const deck = await Deck.open(page, stage, { profiles: 4, seed: 2 });
    expect(await page.locator('button[data-demo=rewind]').isDisabled()).toBe(true);
    await press('nope');
    await page.keyboard.press('ArrowLeft');
    expect(await deck.active()).toBe('p2-2');
    await press('rewind');
    expect(await deck.active()).toBe('p2-1');
    expect(await swiped()).toBe('p2-1 back');
    expect(await page.locator('[data-demo=card]:not([data-thrown])').count()).toBe(3);
    await page.keyboard.press('Backspace');
    expect(await deck.active()).toBe('p2-0');
    await page.keyboard.press('Backspace'); // nothing is left to take back
    await page.keyboard.press('ArrowLeft');
    expect(await swiped()).toBe('p2-0 left');
    expect((await deck.deeds()).map(({ kind, profile, input }) => `${kind} ${profile} ${input}`)).toEqual([
      'nope p2-0 button',
      'nope p2-1 key',
      'rewind p2-1 button',
      'rewind p2-0 key',
      'nope p2-0 key',
    ]);
  });

  it('shows other people at each visit without parameters', async () => {
    const seen = new Set<string>();
    for (let visit = 0; visit < 3; visit += 1) {
      await page.goto(`${stage.server.url}/demo`);
      seen.add((await active().getAttribute('data-profile'))!);
    }
    expect(seen.size).toBe(3);
  });

  it('takes back the last profile of the deck, too', async () => {
    const deck = await Deck.open(page, stage, { profiles: 1, seed: 2 });
    await press('nope');
    expect(await page.locator('[data-demo=end]').isVisible()).toBe(true);
    await press('rewind');
    expect(await page.locator('[data-demo=end]').isVisible()).toBe(false);
    expect(await deck.active()).toBe('p2-0');
    await press('super-like');
    await dismissMatch();
    expect((await deck.swipes()).at(-1)).toMatchObject({ kind: 'super-like', profile: 'p2-0', trusted: true });
  });

  it('shows on each card what a person with the taste would swipe', async () => {
    const parameters = { profiles: 12, seed: 3, taste: 'water', drift: 6 };
    const deck = await Deck.open(page, stage, parameters);
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, `${value}`]));
    const listed = await (await fetch(`${stage.pageUrl}/profiles?${query}`)).json();
    const expected = listed.map(({ id, wouldLike }: { id: string; wouldLike: boolean }) => [id, String(wouldLike)]);
    const shown: [string | null, string | null][] = [];
    while ((await active().count()) > 0) {
      shown.push([await deck.active(), await active().getAttribute('data-would-like')]);
      await page.keyboard.press(shown.at(-1)![1] === 'true' ? 'ArrowRight' : 'ArrowLeft');
      await dismissMatch();
    }
    expect(shown).toEqual(expected);
    expect((await deck.swipes()).map(({ kind, profile }) => [profile, String(kind === 'like')])).toEqual(expected);
  });

  it('says nothing about likes if there is no taste', async () => {
    await Deck.open(page, stage);
    await active().waitFor();
    expect(await page.locator('[data-would-like]').count()).toBe(0);
  });
});
