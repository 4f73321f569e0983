import { beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeTexts } from '../../../test/support/fake-texts.ts';
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

beforeEach(() => fakeTexts(browser));

it.each([
  ['off', settings({ mode: 'off' }), doing('hold'), 'badge_off'],
  ['how many profiles were scored', settings(), doing(), '1k'],
  ['how many profiles were swiped', settings({ mode: 'swipe' }), doing(), '7'],
  ['that the person needs to act', settings({ mode: 'swipe' }), doing('hold'), '!'],
  ['that the server is unreachable', settings(), doing('server_unreachable'), '!'],
  ['that consent is missing', settings({ consent: null }), doing(), '!'],
  ['that another tab is swiping', settings({ mode: 'swipe' }), doing('other_tab'), 'badge_tab'],
  ['that the active hours are over', settings({ mode: 'swipe' }), doing('outside_hours'), 'badge_hours'],
  ['that the deck has ended', settings({ mode: 'swipe' }), doing('deck_ended'), 'badge_end'],
  ['the count when a deck ends in Show mode', settings(), doing('deck_ended'), '1k'],
  ['the count while the page loads', settings({ mode: 'swipe' }), doing('page_loading'), '7'],
])('shows %s', (_, set, page, text) => {
  expect(badgeOf(set, COUNTS, page).text).toBe(text);
});
