import { expect, it } from 'vitest';
import type { Limits } from '../../storage/settings.ts';
import { SWIPES } from '../../storage/swipes.ts';
import {
  beginSession,
  closeTab,
  momentOf,
  permit,
  release,
  type SwipeState,
  settle,
  stopSwiping,
  swipedOn,
} from './limit-rule.ts';

const NONE: Limits = {
  perMinute: null,
  perSession: null,
  perDay: null,
  likesPerDay: null,
  activeHours: null,
  rightShare: null,
};
const NOON = new Date(2026, 8, 15, 12);
const PERMITTED = { permitted: true };

/** Asks for permits under limits, and moves the state and the time forward in between. */
class Swiping {
  state: SwipeState = { swipes: SWIPES.initial, swipingTab: undefined };
  at = NOON;
  limits: Limits;
  #ids = 0;

  constructor(limits: Partial<Limits>) {
    this.limits = { ...NONE, ...limits };
  }

  ask(swipe: 'right' | 'left' = 'left', { tab = 1, id = this.#freshId() } = {}) {
    const { state, answer } = permit(this.state, { id, swipe, tab }, this.limits, momentOf(this.at));
    this.state = state;
    return answer;
  }

  #freshId() {
    this.#ids += 1;
    return String(this.#ids);
  }

  times(count: number, swipe: 'right' | 'left' = 'left') {
    return Array.from({ length: count }, () => this.ask(swipe));
  }

  pass(ms: number) {
    this.at = new Date(this.at.getTime() + ms);
  }
}

it.each([
  ['perDay', { perDay: 3 }, 'left', { refused: 'limit_day', detail: '3' }],
  ['perSession', { perSession: 3 }, 'left', { refused: 'limit_session', detail: '3' }],
  ['likesPerDay', { likesPerDay: 3 }, 'right', { refused: 'limit_likes', detail: '3' }],
] as const)('permits as many swipes as %s allows, and then refuses with its reason', (_, limits, swipe, refused) => {
  const swiping = new Swiping(limits);
  expect(swiping.times(4, swipe)).toEqual([PERMITTED, PERMITTED, PERMITTED, refused]);
});

it('ignores limits that are off', () => {
  const swiping = new Swiping({});
  expect(new Set(swiping.times(400, 'right').map((answer) => JSON.stringify(answer))).size).toBe(1);
});

it('applies likesPerDay only to likes', () => {
  const swiping = new Swiping({ likesPerDay: 1 });
  expect(swiping.ask('right')).toEqual(PERMITTED);
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_likes' });
  expect(swiping.ask('left')).toEqual(PERMITTED);
});

it('limits the share of right swipes after 20 swipes, and refuses only likes', () => {
  const swiping = new Swiping({ rightShare: 0.6 });
  swiping.times(20, 'right');
  expect(swiping.ask('right')).toEqual({ refused: 'limit_share', detail: '0.6' });
  swiping.times(14); // 20 of 34; 21 of 35 is 60%
  expect(swiping.ask('right')).toEqual(PERMITTED);
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_share' });
});

it('names the limit that lasts longest', () => {
  const swiping = new Swiping({ perDay: 1, likesPerDay: 1, perSession: 1, perMinute: 1 });
  swiping.ask('right');
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_day' });
  swiping.limits = { ...swiping.limits, perDay: null };
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_likes' });
  expect(swiping.ask('left')).toMatchObject({ refused: 'limit_session' });
  swiping.limits = { ...swiping.limits, perSession: null };
  expect(swiping.ask('left')).toEqual({ waitMs: 60_000 });
  swiping.limits = { ...swiping.limits, perDay: 1, activeHours: { from: '13:00', to: '14:00' } };
  expect(swiping.ask('left')).toMatchObject({ refused: 'outside_hours' });
  expect(swiping.ask('left', { tab: 2 })).toMatchObject({ refused: 'other_tab' });
});

it('starts a new day at local midnight, while the session continues', () => {
  const swiping = new Swiping({ perDay: 1, perSession: 2 });
  swiping.at = new Date(2026, 8, 15, 23, 59, 59);
  swiping.ask();
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
  swiping.pass(1_000);
  expect(swiping.ask()).toEqual(PERMITTED);
  swiping.at = new Date(2026, 8, 17);
  expect(swiping.ask()).toMatchObject({ refused: 'limit_session' });
});

it('still has yesterday’s counts if the date goes back', () => {
  const swiping = new Swiping({ perDay: 1 });
  swiping.ask();
  swiping.pass(24 * 3_600_000);
  swiping.ask();
  swiping.pass(-24 * 3_600_000);
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
});

it('resets the counts of the session, but not of the day, when a new session starts', () => {
  const swiping = new Swiping({ perSession: 2, perDay: 3 });
  swiping.times(2);
  expect(swiping.ask()).toMatchObject({ refused: 'limit_session' });
  swiping.state = beginSession(swiping.state);
  expect(swiping.times(2)).toEqual([PERMITTED, { refused: 'limit_day', detail: '3' }]);
});

it.each([
  ['08:00', '22:00', '08:00', true],
  ['08:00', '22:00', '21:59', true],
  ['08:00', '22:00', '22:00', false],
  ['08:00', '22:00', '07:59', false],
  ['22:00', '02:00', '23:30', true],
  ['22:00', '02:00', '01:59', true],
  ['22:00', '02:00', '02:00', false],
  ['22:00', '02:00', '12:00', false],
  ['00:00', '00:00', '12:00', true],
  ['08:00', '08:00', '07:59', true],
])('applies active hours from %s to %s at %s: %s', (from, to, time, within) => {
  const swiping = new Swiping({ activeHours: { from, to } });
  const [hours, minutes] = time.split(':').map(Number);
  swiping.at = new Date(2026, 8, 15, hours, minutes);
  expect(swiping.ask()).toEqual(within ? PERMITTED : { refused: 'outside_hours', detail: `${from}–${to}` });
});

it('spaces swipes by the pace', () => {
  const swiping = new Swiping({ perMinute: 12 });
  expect(swiping.ask()).toEqual(PERMITTED);
  swiping.pass(1_500);
  expect(swiping.ask()).toEqual({ waitMs: 3_500 });
  swiping.pass(3_500);
  expect(swiping.ask()).toEqual(PERMITTED);
});

it('never waits longer than one interval, even if the clock goes back', () => {
  const swiping = new Swiping({ perMinute: 12 });
  swiping.ask();
  swiping.pass(-3_600_000);
  expect(swiping.ask()).toEqual({ waitMs: 5_000 });
  swiping.pass(4_000);
  expect(swiping.ask()).toEqual({ waitMs: 1_000 });
  swiping.pass(1_000);
  expect(swiping.ask()).toEqual(PERMITTED);
});

it('grants the same permit again for the same id, and counts it once', () => {
  const swiping = new Swiping({ perDay: 1, perMinute: 1 });
  for (let time = 0; time < 3; time += 1) expect(swiping.ask('right', { id: 'a' })).toEqual(PERMITTED);
  expect(swipedOn(swiping.state.swipes, '2026-09-15')).toEqual({ swipes: 1, likes: 1 });
});

it('releases a permit as if it had never been granted, including for the pace', () => {
  const swiping = new Swiping({ perDay: 1, likesPerDay: 1, perSession: 1, perMinute: 1 });
  swiping.ask('right', { id: 'a' });
  swiping.state = release(release(swiping.state, 'a'), 'a');
  expect(swipedOn(swiping.state.swipes, '2026-09-15')).toEqual({ swipes: 0, likes: 0 });
  expect(swiping.ask('right', { id: 'b' })).toEqual(PERMITTED);
});

it('doesn’t release settled or unknown permits', () => {
  const swiping = new Swiping({ perDay: 1 });
  swiping.ask('left', { id: 'a' });
  swiping.state = release(release(settle(settle(swiping.state, 'b'), 'a'), 'a'), 'b');
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
});

it('removes a released permit from the day and the session that it was counted in', () => {
  const swiping = new Swiping({});
  swiping.at = new Date(2026, 8, 15, 23, 59, 59);
  swiping.ask('right', { id: 'a' });
  swiping.state = beginSession(swiping.state);
  swiping.pass(2_000);
  swiping.ask('right', { id: 'b' });
  swiping.state = release(swiping.state, 'a');
  expect(swipedOn(swiping.state.swipes, '2026-09-15')).toEqual({ swipes: 0, likes: 0 });
  expect(swipedOn(swiping.state.swipes, '2026-09-16')).toEqual({ swipes: 1, likes: 1 });
  expect(swiping.state.swipes.session).toMatchObject({ swipes: 1, right: 1 });
});

it('limits how many permits and days it remembers', () => {
  const swiping = new Swiping({});
  for (let day = 0; day < 40; day += 1) {
    swiping.times(40);
    swiping.pass(24 * 3_600_000);
  }
  expect(swiping.state.swipes.permits.length).toBeLessThanOrEqual(30);
  expect(swiping.state.swipes.days.length).toBeLessThanOrEqual(14);
});

it('lets only one tab swipe, until it hasn’t asked for a permit for 90 s', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.state = settle(swiping.state, 'a');
  swiping.pass(80_000);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.ask('left', { tab: 1, id: 'b' });
  swiping.state = settle(swiping.state, 'b');
  swiping.pass(89_999);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.pass(1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
  expect(swiping.ask('left', { tab: 1 })).toEqual({ refused: 'other_tab' });
});

it('makes a tab that waits for the pace the swiping tab', () => {
  const swiping = new Swiping({ perMinute: 1 });
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.state = stopSwiping(settle(swiping.state, 'a'), 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ waitMs: 60_000 });
  expect(swiping.ask('left', { tab: 1 })).toEqual({ refused: 'other_tab' });
});

it('lets another tab swipe once the swiping tab stops, and not before', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.state = stopSwiping(settle(swiping.state, 'a'), 2);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.state = stopSwiping(swiping.state, 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
});

it('lets no other tab swipe while a swipe may still be in progress, up to the longest wait of a page', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1 });
  swiping.state = stopSwiping(swiping.state, 1);
  swiping.pass(104_999);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.pass(1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
});

it('doesn’t repeat a permit to a tab that another tab has replaced', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.pass(105_000);
  swiping.ask('left', { tab: 2 });
  expect(swiping.ask('left', { tab: 1, id: 'a' })).toEqual({ refused: 'other_tab' });
});

it('ends the swiping of a closed tab, and still counts its swipe in progress', () => {
  const swiping = new Swiping({ perDay: 2 });
  swiping.ask('left', { tab: 1 });
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.state = closeTab(swiping.state, 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'limit_day', detail: '2' });
});
