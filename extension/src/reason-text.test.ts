import { expect, it } from 'vitest';
import { inEnglish } from '../../test/support/fake-texts.ts';
import { reasonText } from './reason-text.ts';

it.each([
  ['limit_day', '1', "You've reached today's limit of 1 swipe."],
  ['limit_day', '10000', "You've reached today's limit of 10,000 swipes."],
  ['limit_share', '0.6', 'One more like would put you over your limit of 60% right swipes per session.'],
  ['hold', '1, 3', 'Not every photo has a score (missing: 1, 3).'],
  ['proxy_timeout', '504', 'The proxy stopped waiting for the server (504).'],
  ['outside_hours', '22:00–06:00', 'Your active hours are 22:00–06:00.'],
  ['server_unreachable', '', "Can't reach the server."],
] as const)('fills the detail into the reason %s: %s', (reason, detail, said) => {
  expect(reasonText({ reason, detail }, inEnglish)).toContain(said);
  if (detail === '') expect(reasonText({ reason }, inEnglish)).toBe(said);
});
