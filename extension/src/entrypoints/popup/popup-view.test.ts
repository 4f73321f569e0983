// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { PopupView, toneOf } from './popup-view.ts';

const OVERVIEW = {
  counts: { seen: 0, right: 0, left: 0, held: 0 },
  today: { swipes: 0, likes: 0 },
  labels: { queued: 0, lost: 0 },
  withheld: [],
};

const get = (id: string) => document.getElementById(id)!;

function openPopup(): PopupView {
  fakeTexts(browser);
  const html = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(html)![1]!;
  return new PopupView(document);
}

it('shows a status as bad only if something is wrong or the person needs to act', () => {
  for (const reason of ['deck_ended', 'tab_hidden', 'page_loading', 'dialog_open', 'other_tab'] as const) {
    expect(toneOf({ reason })).toBe('');
  }
  expect(toneOf({ reason: 'hold' })).toBe('bad');
  expect(toneOf({ reason: 'server_unreachable' })).toBe('bad');
  expect(toneOf({ reason: null })).toBe('good');
  expect(toneOf(null)).toBe('');
});

it('says to reload a page that has no script, whatever another page reports', () => {
  const settings = { ...DEFAULT_SETTINGS, mode: 'swipe', consent: 'loopback' } as const;
  const shown = () => [get('reason').textContent, get('status').dataset.tone, get('resume').hidden];
  const view = openPopup();
  view.show(settings, { ...OVERVIEW, page: { reason: 'person_acted' }, needsReload: true });
  expect(shown()).toEqual(['popup_reload', 'bad', true]);
  view.show(settings, { ...OVERVIEW, page: { reason: 'person_acted' }, needsReload: false });
  expect(shown()).toEqual(['reason_person_acted', 'bad', false]);
});

it('shows the mode that was chosen last, until it is stored', async () => {
  const view = openPopup();
  const show = (mode: Settings['mode']) =>
    view.show({ ...DEFAULT_SETTINGS, mode }, { ...OVERVIEW, page: null, needsReload: false });
  const stored: (() => void)[] = [];
  view.onMode(() => new Promise<void>((resolve) => stored.push(resolve)));
  const shown = () => [document.querySelector<HTMLInputElement>('[name=mode]:checked')!.value, get('hint').textContent];
  show('show');
  for (const mode of ['learn', 'swipe']) document.querySelector<HTMLInputElement>(`[value=${mode}]`)!.click();
  stored[0]!();
  await Promise.resolve();
  show('learn'); // older than what the person sees
  expect(shown()).toEqual(['swipe', 'mode_swipe_hint']);
  stored[1]!();
  await expect
    .poll(() => {
      show('off'); // by another tab
      return shown();
    })
    .toEqual(['off', 'mode_off_hint']);
});
