import * as fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { DEFAULT_SETTINGS, type Limits } from '../../storage/settings.ts';
import { momentOf, type PermitRequest } from './limit-rule.ts';
import { SwipeLedger } from './swipe-ledger.ts';

beforeEach(() => fakeBrowser.reset());

const LIMITS: Limits = { ...DEFAULT_SETTINGS.limits, perMinute: null };

it('exceeds no limit when two instances are asked for permits at the same time', async () => {
  const ledgers = [new SwipeLedger(new PageClock()), new SwipeLedger(new PageClock())];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, id) =>
      ledgers[id % 2]!.permit({ id: String(id), swipe: 'right', tab: 1 }, { ...LIMITS, perDay: 7 }),
    ),
  );
  expect(answers.filter((answer) => 'permitted' in answer)).toHaveLength(7);
  expect(await ledgers[0]!.today()).toEqual({ swipes: 7, likes: 7 });
});

it('keeps counts across a browser restart, and the swiping tab only across a worker restart', async () => {
  const clock = new PageClock();
  const limits = { ...LIMITS, perSession: 1 };
  await new SwipeLedger(clock).permit({ id: 'a', swipe: 'left', tab: 1 }, limits);
  await new SwipeLedger(clock).settle('a');
  const other = { id: 'b', swipe: 'left', tab: 2 } as const;
  expect(await new SwipeLedger(clock).permit(other, limits)).toMatchObject({ refused: 'other_tab' });
  await browser.storage.session.clear();
  expect(await new SwipeLedger(clock).permit(other, limits)).toMatchObject({ refused: 'limit_session' });
});

it('starts counting at 0 on a new day', async () => {
  const clock = new PageClock();
  const ledger = new SwipeLedger(clock);
  await ledger.permit({ id: 'a', swipe: 'left', tab: 1 }, LIMITS);
  clock.advance(24 * 3_600_000);
  expect(await ledger.today()).toEqual({ swipes: 0, likes: 0 });
});

it('grants no permit that it can’t store', async () => {
  const ledger = new SwipeLedger(new PageClock());
  const set = browser.storage.local.set;
  browser.storage.local.set = () => Promise.reject(new Error('full'));
  try {
    await expect(ledger.permit({ id: 'a', swipe: 'left', tab: 1 }, LIMITS)).rejects.toThrow('full');
  } finally {
    browser.storage.local.set = set;
  }
});

it('reads what was stored when permits were called grants, and stores it in the new form', async () => {
  const clock = new PageClock();
  const { ms, day } = momentOf(clock.date());
  const grant = { id: '1 a', swipe: 'right', tab: 1, atMs: ms, day, session: 3, settled: false };
  const before = { days: [{ day, swipes: 7, likes: 2 }], session: { number: 3, swipes: 5, right: 2 } };
  await browser.storage.local.set({ swipes: { ...before, grants: [grant] } });
  await browser.storage.session.set({ turn: { tab: 1, atMs: ms } });
  const ledger = new SwipeLedger(clock);
  expect(await ledger.today()).toEqual({ swipes: 7, likes: 2 });
  expect(await ledger.permit({ id: '2 a', swipe: 'left', tab: 2 }, LIMITS)).toEqual({ refused: 'other_tab' });
  expect(await ledger.permit({ id: '1 a', swipe: 'right', tab: 1 }, LIMITS)).toEqual({ permitted: true });
  expect(await ledger.today()).toEqual({ swipes: 7, likes: 2 });
  await ledger.settle('1 a');
  const { swipes } = await browser.storage.local.get('swipes');
  expect(swipes).toEqual({ ...before, permits: [{ ...grant, settled: true }], version: 2 });
});

it('lets any tab swipe if version 1 stored that no tab was swiping', async () => {
  await browser.storage.session.set({ turn: null });
  const answer = await new SwipeLedger(new PageClock()).permit({ id: 'a', swipe: 'left', tab: 2 }, LIMITS);
  expect(answer).toEqual({ permitted: true });
});

/** Everything that can happen, in any order. */
type Event =
  | { kind: 'permit'; swipe: 'right' | 'left'; tab: number }
  /** `ago` counts back from the last permit that was asked for. */
  | { kind: 'repeat' | 'release' | 'settle'; ago: number }
  | { kind: 'stop'; tab: number }
  | { kind: 'begin' }
  | { kind: 'restart'; browser: boolean }
  /** Time passes. */
  | { kind: 'pass'; ms: number }
  /** The wall clock is set back. */
  | { kind: 'back'; ms: number };

const tab = fc.constantFrom(1, 1, 1, 2);
const swipe = fc.constantFrom('right', 'right', 'left');
const of = <Arbitrary>(weight: number, arbitrary: fc.Arbitrary<Arbitrary>) => ({ weight, arbitrary });
const events = fc.oneof(
  of(40, fc.record({ kind: fc.constant('permit'), swipe, tab })),
  of(3, fc.record({ kind: fc.constant('repeat'), ago: fc.nat({ max: 12 }) })),
  of(6, fc.record({ kind: fc.constantFrom('release', 'settle', 'settle'), ago: fc.nat({ max: 3 }) })),
  of(3, fc.record({ kind: fc.constant('stop'), tab })),
  of(3, fc.record({ kind: fc.constant('restart'), browser: fc.boolean() })),
  of(1, fc.constant({ kind: 'begin' })),
  of(15, fc.record({ kind: fc.constant('pass'), ms: fc.nat({ max: 20_000 }) })),
  of(1, fc.record({ kind: fc.constantFrom('pass', 'back'), ms: fc.nat({ max: 90_000_000 }) })),
) as fc.Arbitrary<Event>;

/** Turns most limits off, so that the others are reached. */
const limitOr = <Limit>(limit: fc.Arbitrary<Limit>) => fc.oneof(of(2, fc.constant(null)), of(1, limit));
const limitsOf: fc.Arbitrary<Limits> = fc.record({
  perMinute: limitOr(fc.constantFrom(4, 12, 60)),
  perSession: limitOr(fc.integer({ min: 1, max: 60 })),
  perDay: limitOr(fc.integer({ min: 1, max: 60 })),
  likesPerDay: limitOr(fc.integer({ min: 1, max: 30 })),
  activeHours: limitOr(fc.constantFrom({ from: '08:00', to: '20:00' }, { from: '20:00', to: '13:00' })),
  rightShare: limitOr(fc.constantFrom(0.3, 0.6)),
});

/** A request for a permit, in this test's own books. It counts while it is permitted. */
interface Asked {
  readonly request: PermitRequest;
  permitted?: {
    readonly day: string;
    readonly session: number;
    /** Monotonic time. */
    readonly atMs: number;
  };
  settled: boolean;
}

it('exceeds no limit under any order of permits, repeats, releases, restarts and clock changes', async () => {
  let permits = 0;
  const orders = fc.array(events, { maxLength: 150, size: 'max' });
  const property = fc.asyncProperty(limitsOf, orders, async (limits, order) => {
    fakeBrowser.reset();
    const clock = new PageClock();
    let ledger = new SwipeLedger(clock);
    let session = 1;
    const asked: Asked[] = [];

    const ask = async (one: Asked) => {
      const { request } = one;
      const right = (other: Asked) => other.request.swipe === 'right';
      const counting = asked.filter((other) => other.permitted);
      const lastMs = Math.max(...counting.map(({ permitted }) => permitted!.atMs), Number.NEGATIVE_INFINITY);
      const answer = await ledger.permit(request, limits);
      if ('waitMs' in answer) expect(answer.waitMs).toBeLessThanOrEqual(60_000 / limits.perMinute!);
      if (!('permitted' in answer) || one.permitted) return; // refused, or the same permit again
      permits += 1;
      const { day, time } = momentOf(clock.date());
      one.permitted = { day, session, atMs: clock.now() };
      counting.push(one);
      const today = counting.filter(({ permitted }) => permitted!.day === day);
      const now = counting.filter(({ permitted }) => permitted!.session === session);
      const likes = today.filter(right).length;
      expect(await ledger.today()).toEqual({ swipes: today.length, likes });
      expect(today.length).toBeLessThanOrEqual(limits.perDay ?? Number.POSITIVE_INFINITY);
      expect(likes).toBeLessThanOrEqual(limits.likesPerDay ?? Number.POSITIVE_INFINITY);
      expect(now.length).toBeLessThanOrEqual(limits.perSession ?? Number.POSITIVE_INFINITY);
      if (right(one) && now.length > 20) {
        expect(now.filter(right).length / now.length).toBeLessThanOrEqual(limits.rightShare ?? 1);
      }
      if (limits.perMinute) expect(clock.now() - lastMs).toBeGreaterThanOrEqual(60_000 / limits.perMinute);
      const { from, to } = limits.activeHours ?? { from: '00:00', to: '99:99' };
      expect(from < to ? from <= time && time < to : from <= time || time < to).toBe(true);
      const inProgress = ({ request: { tab }, permitted, settled }: Asked) =>
        tab !== request.tab && !settled && clock.now() - permitted!.atMs < 15_000;
      expect(counting.filter(inProgress)).toEqual([]);
    };

    for (const event of order) {
      const target = 'ago' in event ? asked.at(-1 - event.ago) : undefined;
      switch (event.kind) {
        case 'permit': {
          const request = { id: String(asked.length), swipe: event.swipe, tab: event.tab };
          const one: Asked = { request, settled: false };
          asked.push(one);
          await ask(one);
          break;
        }
        case 'repeat':
          if (target) await ask(target);
          break;
        case 'release':
          await ledger.release(String(target?.request.id));
          if (target && !target.settled) delete target.permitted;
          break;
        case 'settle':
          await ledger.settle(String(target?.request.id));
          if (target?.permitted) target.settled = true;
          break;
        case 'stop':
          await ledger.stopSwiping(event.tab);
          break;
        case 'begin':
          session += 1;
          await ledger.beginSession();
          break;
        case 'restart':
          ledger = new SwipeLedger(clock);
          if (event.browser) await browser.storage.session.clear();
          break;
        case 'pass':
          clock.advance(event.ms);
          break;
        case 'back':
          clock.beganAt = new Date(clock.beganAt.getTime() - event.ms);
      }
    }
  });
  await fc.assert(property, { numRuns: 150 });
  expect(permits).toBeGreaterThan(1_000); // not all requests were refused
});
