import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../storage/settings.ts';
import { badgeOf } from './badge.ts';
import type { Page } from './current-page.ts';

const settings = (change: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  consent: 'loopback',
  ...change,
});
const COUNTS = { seen: 1234, right: 3, left: 4, held: 1 };
const doing = (reason: Page['status']['reason'] = null): Page => ({ tab: 1, status: { reason } });

it.each([
  ['off', settings({ mode: 'off' }), doing('hold'), 'off'],
  ['what was shown', settings(), doing(), '1k'],
  ['what was swiped', settings({ mode: 'swipe' }), doing(), '7'],
  ['that the person is wanted', settings({ mode: 'swipe' }), doing('hold'), '!'],
  ['that the server is away', settings(), doing('server_unreachable'), '!'],
  ['that a consent is missing', settings({ consent: null }), doing(), '!'],
  ['that another tab swipes', settings({ mode: 'swipe' }), doing('other_tab'), 'tab'],
  ['that it is not the time to swipe', settings({ mode: 'swipe' }), doing('outside_hours'), 'hrs'],
  ['that the deck has ended', settings({ mode: 'swipe' }), doing('deck_ended'), 'end'],
  ['the count at the end of a deck that it only shows', settings(), doing('deck_ended'), '1k'],
  ['the count while the page loads', settings({ mode: 'swipe' }), doing('page_loading'), '7'],
])('says %s', (_, given, page, text) => {
  expect(badgeOf(given, COUNTS, page).text).toBe(text);
});
