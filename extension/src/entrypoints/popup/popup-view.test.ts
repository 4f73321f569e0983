import { expect, it } from 'vitest';
import { toneOf } from './popup-view.ts';

it('shows a status as bad only if something is wrong or the person needs to act', () => {
  for (const reason of ['deck_ended', 'tab_hidden', 'page_loading', 'dialog_open', 'other_tab'] as const) {
    expect(toneOf({ reason })).toBe('');
  }
  expect(toneOf({ reason: 'hold' })).toBe('bad');
  expect(toneOf({ reason: 'server_unreachable' })).toBe('bad');
  expect(toneOf({ reason: null })).toBe('good');
  expect(toneOf(null)).toBe('');
});
