import { setTimeout as delay } from 'node:timers/promises';
import type { StoredLimits } from './extension-view.ts';
import { HoldRun } from './hold-run.ts';
import { holdOneTab } from './one-tab.ts';
import { type Violation, Violations, violationText } from './violations.ts';

/** What holding a limit came to. */
export interface Held {
  readonly limit: string;
  readonly lines: readonly string[];
  readonly violations: readonly Violation[];
}

/** How a run is begun; see {@link HoldRun.begin}. */
export interface HoldOptions {
  readonly chromium: string;
  readonly seed: number;
  readonly violated: (violation: Violation) => void;
}

/** One limit: what is set, and what is held of it. The lines say what was seen. */
interface LimitHold {
  readonly limits: Partial<StoredLimits>;
  readonly play: (run: HoldRun) => Promise<string[]>;
}

const LIMITS = {
  perMinute: {
    limits: { perMinute: 120 },
    play: async (run) => {
      await run.swipes(20);
      const gaps = (times: number[]) => times.slice(1).map((ms, at) => ms - times[at]!);
      const permitted = gaps((await run.ledger()).permits.map(({ atMs }) => atMs));
      run.expect(Math.min(...permitted) >= 500, 'permits 500 ms apart or more', `${Math.min(...permitted)} ms`);
      // From the permit to the press is a message's way, which takes longer at one time than at another.
      const pressed = gaps(run.made.map(({ atMs }) => atMs));
      const least = Math.min(...pressed);
      run.expect(least >= 350, 'swipes about 500 ms apart or more', `${least.toFixed(0)} ms`);
      const mean = pressed.reduce((sum, gap) => sum + gap, 0) / pressed.length;
      return [`${run.made.length} swipes, ${mean.toFixed(0)} ms apart on average, ${least.toFixed(0)} ms at least`];
    },
  },
  perSession: {
    limits: { perSession: 8 },
    play: async (run) => {
      await run.stops('limit_session');
      const first = run.made.length;
      run.expect(first <= 8, '8 swipes at most', `${first}`);
      await run.reload();
      await run.stops('limit_session');
      run.expect(run.made.length === first, 'no swipe more after a reload', `${run.made.length}`);
      await run.tell((view) => view.resume()); // which begins a session
      await run.stops('limit_session');
      const second = run.made.length - first;
      run.expect(second > 0 && second <= 8, '1 to 8 swipes after Resume', `${second}`);
      await run.tell((view) => view.set({ mode: 'show' }));
      await run.table.view.set({ mode: 'swipe' }); // as does choosing Swipe
      await run.stops('limit_session');
      const third = run.made.length - first - second;
      run.expect(third > 0 && third <= 8, '1 to 8 swipes after Swipe was chosen anew', `${third}`);
      return [`8 a session: ${first}, after Resume ${second}, after Swipe anew ${third}`];
    },
  },
  perDay: {
    limits: { perDay: 8 },
    play: async (run) => {
      await run.stops('limit_day');
      const made = run.made.length;
      run.expect(made > 0 && made <= 8, '1 to 8 swipes', `${made}`);
      await run.tell((view) => view.resume());
      await run.stops('limit_day');
      await run.reload();
      await run.stops('limit_day');
      await run.tell((view) => view.set({ mode: 'off' }));
      await run.table.view.set({ mode: 'swipe' });
      await run.stops('limit_day');
      run.expect(run.made.length === made, 'no swipe more on this day', `${run.made.length}`);
      return [`8 a day: ${made}, whatever was said`];
    },
  },
  likesPerDay: {
    limits: { likesPerDay: 4 },
    play: async (run) => {
      await run.stops('limit_likes');
      run.expect(run.likes <= 4, '4 likes at most', `${run.likes}`);
      const likes = run.likes;
      await run.tell((view) => view.resume());
      await run.stops('limit_likes');
      run.expect(run.likes === likes, 'no like more after Resume', `${run.likes}`);
      const before = run.made.length;
      for (let cards = 0; cards < 4; cards += 1) {
        await run.person.act(() => run.person.swipe('key'));
        await delay(150);
        await run.tell((view) => view.resume());
        await run.stops('limit_likes');
      }
      run.expect(run.likes === likes, 'no like of its own after the person’s swipes', `${run.likes}`);
      return [
        `4 likes a day: ${run.likes}, and ${run.made.length - run.likes} to the left, ${run.made.length - before} of them later`,
      ];
    },
  },
  activeHours: {
    limits: { activeHours: hoursFromNow(2, 3) },
    play: async (run) => {
      await run.stops('outside_hours');
      await run.table.view.resume(); // which says nothing new
      await run.stops('outside_hours');
      run.expect(run.made.length === 0, 'no swipe outside of the hours', `${run.made.length}`);
      await run.tell((view) => view.set({ limits: limitsOf(hoursFromNow(-1, 1)) }));
      await run.swipes(10); // by itself, without Resume
      await run.tell((view) => view.set({ limits: limitsOf(hoursFromNow(1, -1)) }));
      await delay(300); // the one that was under way
      const made = run.made.length;
      await run.stops('outside_hours');
      run.expect(run.made.length === made, 'no swipe outside of the hours again', `${run.made.length - made}`);
      return [`no swipe before the hours, ${made} within, none after`];
    },
  },
  rightShare: {
    limits: { rightShare: 0.3 },
    play: async (run) => {
      await run.stops('limit_share');
      const held = shareHolds(run, 0);
      const first = run.made.length;
      await run.tell((view) => view.resume()); // which begins a session
      await run.stops('limit_share');
      shareHolds(run, first);
      return [
        `a share of 30% from the twentieth swipe on: stopped after ${first} with ${held}, then after ${run.made.length - first} more`,
      ];
    },
  },
} as const satisfies Record<string, LimitHold>;

/** What can be held. */
export const HOLDS = [...(Object.keys(LIMITS) as (keyof typeof LIMITS)[]), 'oneTab'] as const;

/** See {@link HOLDS}. */
export type HoldName = (typeof HOLDS)[number];

/** Sets one limit low and everything else off, and holds what is said of it, through worker deaths and reloads. */
export async function hold(limit: HoldName, options: HoldOptions): Promise<Held> {
  const violations = new Violations(options.seed, options.violated);
  const lines =
    limit === 'oneTab' ? await holdOneTab(options, violations) : await holdLimit(limit, options, violations);
  const found = violations.found;
  const last = found.length === 0 ? 'no violation' : `${found.length} violations`;
  return {
    limit,
    lines: [`${limit}, seed ${options.seed}`, ...lines, last, ...found.map(violationText)],
    violations: found,
  };
}

async function holdLimit(limit: keyof typeof LIMITS, options: HoldOptions, violations: Violations): Promise<string[]> {
  const { limits, play }: LimitHold = LIMITS[limit];
  const run = await HoldRun.begin(options, limits, violations);
  try {
    const lines = await play(run);
    const ledger = await run.ledger();
    const counted = ledger.days.reduce((sum, { swipes }) => sum + swipes, 0);
    run.expect(counted >= run.made.length, `${run.made.length} swipes or more counted`, `${counted}`);
    const { 'worker-death': deaths = 0, reload: reloads = 0 } = run.happened;
    return [...lines, `${counted} counted; ${deaths} worker deaths, ${reloads} reloads meanwhile`];
  } finally {
    await run.end();
  }
}

/** From the twentieth swipe of a session on, no like takes the share over the cap. */
function shareHolds(run: HoldRun, from: number): string {
  const made = run.made.slice(from);
  let right = 0;
  for (const [at, { kind, step }] of made.entries()) {
    if (kind !== 'like') continue;
    right += 1;
    if (at < 20 || right / (at + 1) <= 0.3) continue;
    run.violations.add(step, 'a share of 30% at most', `${right} of ${at + 1}`);
  }
  run.expect(made.length >= 15, 'no word on the share of the first twenty', `a stop after ${made.length}`);
  return `${right} right`;
}

const limitsOf = (activeHours: StoredLimits['activeHours']): StoredLimits => ({
  perMinute: null,
  perSession: null,
  perDay: null,
  likesPerDay: null,
  activeHours,
  rightShare: null,
});

/** Times of day, so many hours from now, to the minute. */
function hoursFromNow(from: number, to: number): { from: string; to: string } {
  const time = (hours: number) => {
    const date = new Date(Date.now() + hours * 3_600_000);
    return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  };
  return { from: time(from), to: time(to) };
}
