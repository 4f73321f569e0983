import { formatPercent } from '@swipenet/shared/confidence.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALM } from '../simulation/chaos.ts';
import { Table } from '../simulation/table.ts';
import { CHROMIUM_ADVICE, findChromium } from '../support/find-chromium.ts';
import { takeScreenshot } from '../support/screenshots.ts';
import { overlayBoxes, overlayStyle, readOverlay } from '../support/shown-overlay.ts';
import { truthOf } from '../twins/tinder/profiles.ts';
import { withTwin } from '../twins/tinder/twin-handle.ts';

// An open profile replaces the deck, so main holds no card. It keeps the identity and the verdict of its card.

const chromium = findChromium();
if (!chromium && process.env.CI) throw new Error(`the browser test cannot run: ${CHROMIUM_ADVICE}`);
if (!chromium) console.warn(`the browser test is skipped: ${CHROMIUM_ADVICE}`);

const PLACES = { recs: '/app/recs', explore: '/app/explore/night-owls' } as const;
const LANGUAGES = { English: 'en', Arabic: 'ar' } as const;
const CASES = Object.entries(PLACES).flatMap(([place, path]) =>
  Object.entries(LANGUAGES).map(([language, lang]) => ({ place, path, language, lang })),
);

const BACK = '[data-testid=profileBackButton]';
const soon = { timeout: 15_000, interval: 25 };

describe.skipIf(!chromium)('open profiles', () => {
  let table: Table;

  beforeAll(async () => {
    table = await Table.open({
      chromium: chromium!,
      seed: 1,
      profiles: 200,
      chaos: { ...CALM, profiles: { photos: 'even', older: 0.3 } },
      patience: 0.3,
    });
    await table.page.setViewportSize({ width: 1100, height: 800 });
  });

  afterAll(async () => {
    await table?.close();
  });

  const line = async () => (await readOverlay(table.page)).line;
  const active = async () => table.twin.deck.profile((await withTwin(table.page, (twin) => twin.active()))!.index);
  const shoot = (name: string) => takeScreenshot(table.page, `open-profile-${name}`);

  it.each(CASES)('keep the verdict of their card when they are opened and closed: $place, $language', async (one) => {
    const { page, scorer } = table;
    await table.load(`${one.path}?from=10&lang=${one.lang}`);
    await expect.poll(line, soon).toMatch(/Swipe (right|left)/);
    const profile = await active();
    const said = await line();
    expect(said).toContain(`Swipe ${truthOf(profile).swipe}`);
    const info = page.locator('[aria-hidden=false] > * > button[role=button]');
    const openings = [() => page.keyboard.press('ArrowUp'), () => info.click()];
    const closings = [() => page.keyboard.press('ArrowDown'), () => page.locator(BACK).click()];
    for (const [at, open] of openings.entries()) {
      await open();
      await page.locator(BACK).waitFor();
      expect(await page.locator('main [data-keyboard-gamepad]').count()).toBe(0);
      await expect.poll(line, soon).toBe(said);
      expect((await readOverlay(page)).badge).toContain(formatPercent(profile.photos[0]!.like));
      if (at === 0) await shoot(`${one.place}-${one.lang}`);
      await closings[at]!();
      await page.locator('main [data-keyboard-gamepad][aria-hidden=false]').waitFor();
      await expect.poll(line, soon).toBe(said);
    }
    const asked = scorer.scores.filter(({ profiles, priority }) => profiles.includes(profile.id) && priority === 'now');
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it.each(CASES)('are swiped correctly by their own buttons: $place, $language', async ({ path, lang, language }) => {
    const { twin, view, page } = table;
    twin.record.verdicts.length = 0;
    twin.record.deeds.length = 0;
    const from = language === 'Arabic' ? 60 : 20;
    await table.load(`${path}?show=profile&from=${from}&lang=${lang}&recs=hidden`);
    await page.locator(BACK).waitFor();
    await view.set({ mode: 'swipe' });
    await expect.poll(() => twin.record.taken.length, soon).toBeGreaterThanOrEqual(4);
    await view.set({ mode: 'show' });
    await withTwin(page, (handle) => handle.settled());
    for (const { kind, step } of twin.record.verdicts) {
      expect([step, kind]).toEqual([step, truthOf(twin.deck.profile(step)).swipe === 'right' ? 'like' : 'pass']);
    }
    expect(new Set(twin.record.verdicts.map(({ step }) => step)).size).toBe(twin.record.verdicts.length);
    expect(twin.record.paid).toEqual([]);
  });

  it('have a left-to-right overlay inside the photo on a right-to-left page', async () => {
    const { page } = table;
    for (const show of ['', 'profile']) {
      await table.load(`/app/recs?from=110&lang=ar&show=${show}`);
      await expect.poll(line, soon).toMatch(/Swipe (right|left)/);
      expect(await overlayStyle(page, 'line', 'direction')).toBe('ltr');
      const surface = show
        ? '.profileCard__card [role=tabpanel][aria-hidden=false]'
        : '[aria-hidden=false] .keen-slider';
      const photo = (await page.locator(surface).first().boundingBox())!;
      for (const box of await overlayBoxes(page)) {
        expect(box.x).toBeGreaterThanOrEqual(photo.x);
        expect(box.x + box.width).toBeLessThanOrEqual(photo.x + photo.width + 1);
      }
      await shoot(show ? 'rtl' : 'rtl-closed');
    }
  });
});
