// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endSession, LIKED, NOPED, PARTIAL, sessionOn, verdictOf } from '../../../../test/support/page-session.ts';
import type { Swipe } from '../../sites/site-adapter.ts';

type Session = ReturnType<typeof sessionOn>;

beforeEach(() => {
  document.body.innerHTML = '';
});
afterEach(() => endSession());

/** The person swipes the card on top, and the page confirms it. */
function personSwipes({ page, session }: Session, swipe: Swipe): void {
  session.personActed();
  page.callFor = page.activeProfile()!.key;
  page.call = { state: 'answered', swipe };
  page.next();
}

const CARDS = [LIKED, NOPED, { ...LIKED, key: 'third' }];

describe('in Learn', () => {
  it('presses nothing, hides the verdict, and labels each swipe of the person with it', async () => {
    const session = sessionOn(CARDS, {});
    session.control.mode = 'learn';
    session.session.moved();
    const { clock, counted, hidden, labels, page } = session;
    for (const [at, swipe] of (['left', 'left', 'right'] as const).entries()) {
      await clock.runUntil(() => counted.filter((what) => what === 'seen').length > at);
      await clock.runUntil(() => hidden.now);
      personSwipes(session, swipe);
      await clock.runUntil(() => labels.length > at);
    }
    expect(page.pressed).toEqual([]);
    expect(labels.map(({ profile, swipe, decision, verdict }) => [profile, swipe, decision, verdict])).toEqual([
      ['id of liked', 'left', 'right', 'hidden'],
      ['id of noped', 'left', 'left', 'hidden'],
      ['id of third', 'right', 'right', 'hidden'],
    ]);
  });

  it('labels a swipe with what it had found by then, while it still retries missing photos', async () => {
    const session = sessionOn([PARTIAL, LIKED], {});
    session.control.mode = 'learn';
    session.session.moved();
    const { clock, counted, labels, score } = session;
    await clock.runUntil(() => score.mock.calls.length > 0);
    expect(counted).toEqual([]); // the verdict isn't final yet
    personSwipes(session, 'left');
    await clock.runUntil(() => labels.length > 0);
    expect(labels).toMatchObject([{ profile: 'id of partial', decision: 'hold', verdict: 'hidden' }]);
  });

  it('marks a verdict as shown that the control revealed in the meantime', async () => {
    const session = sessionOn(CARDS, {});
    const { clock, control, counted, labels } = session;
    control.mode = 'learn';
    session.session.moved();
    await clock.runUntil(() => counted.includes('seen'));
    control.mode = 'show';
    session.session.moved();
    expect(session.hidden.now).toBe(false);
    control.mode = 'learn';
    session.session.moved();
    personSwipes(session, 'right');
    await clock.runUntil(() => labels.length > 0);
    expect(labels).toMatchObject([{ verdict: 'shown' }]);
  });
});

describe('in Swipe', () => {
  it('leaves a spot check to the person with its verdict hidden, and goes on by itself', async () => {
    const session = sessionOn(CARDS);
    const { clock, hidden, labels, learning, page, reason } = session;
    learning.spotCheck = true;
    await clock.runUntil(() => reason() === 'spot_check');
    expect([hidden.now, page.pressed]).toEqual([true, []]);
    learning.spotCheck = false;
    personSwipes(session, 'left');
    await clock.runUntil(() => page.pressed.length > 0);
    expect(page.pressed).toEqual(['left noped']);
    expect(labels).toMatchObject([{ profile: 'id of liked', swipe: 'left', decision: 'right', verdict: 'hidden' }]);
  });

  it('asks the person about close calls, whose labels don’t count as hidden', async () => {
    const session = sessionOn(CARDS, { score: async (photos) => ({ ...verdictOf(photos), ask: true }) });
    const { clock, hidden, labels, page, reason } = session;
    await clock.runUntil(() => reason() === 'close_call');
    expect([hidden.now, page.pressed]).toEqual([false, []]);
    personSwipes(session, 'right');
    await clock.runUntil(() => labels.length > 0);
    expect(labels).toMatchObject([{ verdict: 'shown' }]);
  });

  it('swipes close calls by itself if the person doesn’t want to be asked', async () => {
    const session = sessionOn(CARDS, { score: async (photos) => ({ ...verdictOf(photos), ask: true }) });
    session.learning.asks = false;
    await session.clock.runUntil(() => session.page.pressed.length > 1);
  });

  it('swipes a spot check itself after Resume, and shows the verdict', async () => {
    const session = sessionOn(CARDS);
    session.learning.spotCheck = true;
    await session.clock.runUntil(() => session.reason() === 'spot_check');
    session.session.resume();
    await session.clock.runUntil(() => session.page.pressed.length > 0);
    expect(session.page.pressed).toEqual(['right liked']);
    expect(session.labels.filter(({ own }) => !own)).toEqual([]);
  });

  it('labels its own swipes only as such, for the person to correct', async () => {
    const session = sessionOn(CARDS);
    const { page } = session;
    page.onPress = (key) => {
      page.callFor = key;
      page.call = { state: 'answered', swipe: page.pressed.at(-1)!.startsWith('right') ? 'right' : 'left' };
    };
    await session.clock.runUntil(() => session.labels.length === 3);
    expect(session.labels.map(({ profile, swipe, own }) => [profile, swipe, own])).toEqual([
      ['id of liked', 'right', true],
      ['id of noped', 'left', true],
      ['id of third', 'right', true],
    ]);
  });
});
