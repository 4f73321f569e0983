import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../settings.ts';
import { badgeOf } from './badge.ts';
import type { SessionState } from './session-log.ts';

const settings = (change: Partial<Settings> = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  consent: 'loopback',
  ...change,
});
const session = (reason: SessionState['pages'][number]['status']['reason'] = null): SessionState => ({
  counts: { seen: 1234, right: 3, left: 4, held: 1 },
  counted: [],
  pages: [{ tab: 1, status: { reason } }],
});

it.each([
  ['off', settings({ mode: 'off' }), session('hold'), 'off'],
  ['what was shown', settings(), session(), '1k'],
  ['what was swiped', settings({ mode: 'swipe' }), session(), '7'],
  ['that the person is wanted', settings({ mode: 'swipe' }), session('hold'), '!'],
  ['that the server is away', settings(), session('server_unreachable'), '!'],
  ['that a consent is missing', settings({ consent: null }), session(), '!'],
  ['the count at the end of a deck', settings({ mode: 'swipe' }), session('deck_ended'), '7'],
])('says %s', (_, given, state, text) => {
  expect(badgeOf(given, state).text).toBe(text);
});
