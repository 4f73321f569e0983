// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { DEFAULT_SETTINGS } from '../../storage/settings.ts';
import { PopupView, toneOf } from './popup-view.ts';

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
  fakeTexts(browser);
  const html = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(html)![1]!;
  const settings = { ...DEFAULT_SETTINGS, mode: 'swipe', consent: 'loopback' } as const;
  const counts = { seen: 0, right: 0, left: 0, held: 0 };
  const overview = { counts, today: { swipes: 0, likes: 0 }, labels: { queued: 0, lost: 0 }, withheld: [] };
  const get = (id: string) => document.getElementById(id)!;
  const shown = () => [get('reason').textContent, get('status').dataset.tone, get('resume').hidden];
  const view = new PopupView(document);
  view.show(settings, { ...overview, page: { reason: 'person_acted' }, needsReload: true });
  expect(shown()).toEqual(['popup_reload', 'bad', true]);
  view.show(settings, { ...overview, page: { reason: 'person_acted' }, needsReload: false });
  expect(shown()).toEqual(['reason_person_acted', 'bad', false]);
});
