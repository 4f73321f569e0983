// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endSession, LIKED, NOPED, PARTIAL, sessionOn } from '../../../../test/support/page-session.ts';

beforeEach(() => {
  document.body.innerHTML = '';
});
afterEach(() => endSession());

/** A session in Swipe on cards with a bio, whose words the worker judges so. */
function wordySession(cards: Parameters<typeof sessionOn>[0], like: number | null) {
  const session = sessionOn(cards, {});
  session.wordy.isOn = true;
  const reasons = [{ word: 'tea', weight: 0.8 }];
  session.wordy.judge.mockImplementation(async () => (like === null ? null : { like, reasons }));
  for (const { key } of cards) session.page.facts.set(key, { bio: `Tea with ${key}.` });
  return session;
}

it('swipes by the joined probability, and reports that the words took part', async () => {
  const session = wordySession([LIKED, NOPED], 0.1);
  const { clock, page, labels, wordy } = session;
  await clock.runUntil(() => labels.length > 0);
  expect(page.pressed).toEqual(['left liked']);
  expect(wordy.judge.mock.calls[0]).toMatchObject([{ bio: 'Tea with liked.', threshold: expect.any(Number) }]);
  expect(labels[0]).toMatchObject({ own: true, decision: 'left', decidedBy: 'words', probability: 0.1 });
  wordy.judge.mockImplementation(async () => ({ like: 0.9, reasons: [] }));
  await clock.runUntil(() => labels.length > 1);
  expect(labels[1]).toMatchObject({ decision: 'right', decidedBy: 'words', probability: 0.9 });
});

it('leaves the decision to the photos while the words stay out of it', async () => {
  const { clock, page, labels, wordy } = wordySession([LIKED], null);
  await clock.runUntil(() => labels.length > 0);
  expect([page.pressed, wordy.judge.mock.calls.length]).toEqual([['right liked'], 1]);
  expect(labels[0]).toMatchObject({ decidedBy: 'network' });
});

it('asks nothing while the person hasn’t turned words on, or without a bio', async () => {
  const off = wordySession([LIKED, NOPED], 0.1);
  off.wordy.isOn = false;
  await off.clock.runUntil(() => off.labels.length > 0);
  off.wordy.isOn = true;
  off.page.facts.clear();
  await off.clock.runUntil(() => off.labels.length > 1);
  expect(off.wordy.judge).not.toHaveBeenCalled();
});

it('never lets words decide a profile whose photos weren’t all scored', async () => {
  const { clock, page, wordy, reason } = wordySession([PARTIAL], 0.99);
  await clock.runUntil(() => reason() === 'hold');
  expect([page.pressed, wordy.judge.mock.calls]).toEqual([[], []]);
});

it('asks again after the worker died', async () => {
  const { clock, labels, wordy } = wordySession([LIKED], 0.1);
  wordy.judge.mockRejectedValueOnce(new Error('the worker is gone'));
  await clock.runUntil(() => labels.length > 0);
  expect(labels[0]).toMatchObject({ decision: 'left', decidedBy: 'words' });
});
