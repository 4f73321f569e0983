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

/** Swipes one after the other under limits, each at a moment of its own; what was answered last, and what is known then. */
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
] as const)('permits as many as %s allows, and then names it', (_, limits, swipe, refused) => {
  const swiping = new Swiping(limits);
  expect(swiping.times(4, swipe)).toEqual([PERMITTED, PERMITTED, PERMITTED, refused]);
});

it('has no limit that is switched off', () => {
  const swiping = new Swiping({});
  expect(new Set(swiping.times(400, 'right').map((answer) => JSON.stringify(answer))).size).toBe(1);
});

it('limits likes alone by likesPerDay', () => {
  const swiping = new Swiping({ likesPerDay: 1 });
  expect(swiping.ask('right')).toEqual(PERMITTED);
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_likes' });
  expect(swiping.ask('left')).toEqual(PERMITTED);
});

it('judges the share of right swipes from the 20th swipe on, and refuses likes alone', () => {
  const swiping = new Swiping({ rightShare: 0.6 });
  swiping.times(20, 'right');
  expect(swiping.ask('right')).toEqual({ refused: 'limit_share', detail: '60 %' });
  swiping.times(14); // 20 of 34, and 21 of 35 are 60 %
  expect(swiping.ask('right')).toEqual(PERMITTED);
  expect(swiping.ask('right')).toMatchObject({ refused: 'limit_share' });
});

it('names what holds longest first', () => {
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

it('counts a day from midnight to midnight where the person is, and a session on', () => {
  const swiping = new Swiping({ perDay: 1, perSession: 2 });
  swiping.at = new Date(2026, 8, 15, 23, 59, 59);
  swiping.ask();
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
  swiping.pass(1_000);
  expect(swiping.ask()).toEqual(PERMITTED);
  swiping.at = new Date(2026, 8, 17);
  expect(swiping.ask()).toMatchObject({ refused: 'limit_session' });
});

it('still knows yesterday’s counts where the date goes back to it', () => {
  const swiping = new Swiping({ perDay: 1 });
  swiping.ask();
  swiping.pass(24 * 3_600_000);
  swiping.ask();
  swiping.pass(-24 * 3_600_000);
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
});

it('begins a session’s counts anew, and the day’s never', () => {
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
])('swipes from %s to %s: at %s %s', (from, to, time, within) => {
  const swiping = new Swiping({ activeHours: { from, to } });
  const [hours, minutes] = time.split(':').map(Number);
  swiping.at = new Date(2026, 8, 15, hours, minutes);
  expect(swiping.ask()).toEqual(within ? PERMITTED : { refused: 'outside_hours', detail: `${from}–${to}` });
});

it('keeps swipes apart by the pace, whoever makes them', () => {
  const swiping = new Swiping({ perMinute: 12 });
  expect(swiping.ask()).toEqual(PERMITTED);
  swiping.pass(1_500);
  expect(swiping.ask()).toEqual({ waitMs: 3_500 });
  swiping.pass(3_500);
  expect(swiping.ask()).toEqual(PERMITTED);
});

it('never waits longer than one interval, also where the clock went back', () => {
  const swiping = new Swiping({ perMinute: 12 });
  swiping.ask();
  swiping.pass(-3_600_000);
  expect(swiping.ask()).toEqual({ waitMs: 5_000 });
  swiping.pass(4_000);
  expect(swiping.ask()).toEqual({ waitMs: 1_000 });
  swiping.pass(1_000);
  expect(swiping.ask()).toEqual(PERMITTED);
});

it('gives the same permit under the same id, and counts it once', () => {
  const swiping = new Swiping({ perDay: 1, perMinute: 1 });
  for (let time = 0; time < 3; time += 1) expect(swiping.ask('right', { id: 'a' })).toEqual(PERMITTED);
  expect(swipedOn(swiping.state.swipes, '2026-09-15')).toEqual({ swipes: 1, likes: 1 });
});

it('takes a permit back as if it had never been given, pace included', () => {
  const swiping = new Swiping({ perDay: 1, likesPerDay: 1, perSession: 1, perMinute: 1 });
  swiping.ask('right', { id: 'a' });
  swiping.state = release(release(swiping.state, 'a'), 'a');
  expect(swipedOn(swiping.state.swipes, '2026-09-15')).toEqual({ swipes: 0, likes: 0 });
  expect(swiping.ask('right', { id: 'b' })).toEqual(PERMITTED);
});

it('takes back nothing that was settled, nor what it does not know', () => {
  const swiping = new Swiping({ perDay: 1 });
  swiping.ask('left', { id: 'a' });
  swiping.state = release(release(settle(settle(swiping.state, 'b'), 'a'), 'a'), 'b');
  expect(swiping.ask()).toMatchObject({ refused: 'limit_day' });
});

it('takes a permit back from the day and the session that it was counted under', () => {
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

it('remembers a bounded number of permits and days', () => {
  const swiping = new Swiping({});
  for (let day = 0; day < 40; day += 1) {
    swiping.times(40);
    swiping.pass(24 * 3_600_000);
  }
  expect(swiping.state.swipes.permits.length).toBeLessThanOrEqual(30);
  expect(swiping.state.swipes.days.length).toBeLessThanOrEqual(14);
});

it('lets one tab swipe: until it has asked for no permit for 90 s', () => {
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

it('makes the tab that waits for its pace the swiping tab', () => {
  const swiping = new Swiping({ perMinute: 1 });
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.state = stopSwiping(settle(swiping.state, 'a'), 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ waitMs: 60_000 });
  expect(swiping.ask('left', { tab: 1 })).toEqual({ refused: 'other_tab' });
});

it('lets another tab swipe when the swiping tab stops, and only then', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.state = stopSwiping(settle(swiping.state, 'a'), 2);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.state = stopSwiping(swiping.state, 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
});

it('lets no other tab swipe while a swipe may be under way, and no longer than the most patient page waits', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1 });
  swiping.state = stopSwiping(swiping.state, 1);
  swiping.pass(104_999);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.pass(1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
});

it('gives no permit again to a tab that another has replaced since', () => {
  const swiping = new Swiping({});
  swiping.ask('left', { tab: 1, id: 'a' });
  swiping.pass(105_000);
  swiping.ask('left', { tab: 2 });
  expect(swiping.ask('left', { tab: 1, id: 'a' })).toEqual({ refused: 'other_tab' });
});

it('ends a closed tab’s swiping and what it had under way, which stays counted', () => {
  const swiping = new Swiping({ perDay: 2 });
  swiping.ask('left', { tab: 1 });
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'other_tab' });
  swiping.state = closeTab(swiping.state, 1);
  expect(swiping.ask('left', { tab: 2 })).toEqual(PERMITTED);
  expect(swiping.ask('left', { tab: 2 })).toEqual({ refused: 'limit_day', detail: '2' });
});
