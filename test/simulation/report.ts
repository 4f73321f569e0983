import { FAULTS } from './chaos.ts';
import type { RunResult } from './run.ts';
import { type Violation, violationText } from './violations.ts';

/** What a simulation came to, all its tables together. */
export interface Report extends RunResult {
  readonly seed: number;
  readonly browsers: number;
  readonly profilesPerSecond: number;
  /** Of the decisions on profiles that the page's own data tell of, the share that was there before the card. */
  readonly readyShare: number | null;
  readonly violations: readonly Violation[];
}

/** One report of several tables that were played side by side. */
export function reportOf(seed: number, results: readonly RunResult[], violations: readonly Violation[]): Report {
  const sum = results.reduce<RunResult>(
    (all, one) => ({
      swipes: added(all.swipes, one.swipes),
      held: all.held + one.held,
      seconds: Math.max(all.seconds, one.seconds),
      judged: all.judged + one.judged,
      loads: all.loads + one.loads,
      faults: added(all.faults, one.faults),
      stops: added(all.stops, one.stops),
      requests: added(all.requests, one.requests),
      excused: all.excused + one.excused,
    }),
    {
      swipes: { right: 0, left: 0, person: 0, ruled: 0, worded: 0, failed: 0, ready: 0, readyOf: 0 },
      held: 0,
      seconds: 0,
      judged: 0,
      loads: 0,
      faults: {},
      stops: {},
      requests: { now: 0, ahead: 0, refused: 0 },
      excused: 0,
    },
  );
  const { ready, readyOf } = sum.swipes;
  return {
    seed,
    browsers: results.length,
    ...sum,
    profilesPerSecond: sum.judged / sum.seconds,
    readyShare: readyOf > 0 ? ready / readyOf : null,
    violations,
  };
}

/** The report for people. */
export function reportText(report: Report): string {
  const { seed, judged, seconds, browsers, swipes, requests, loads, held, excused, violations } = report;
  const rate = report.profilesPerSecond.toFixed(1);
  const ready = report.readyShare === null ? 'none could be' : `${(100 * report.readyShare).toFixed(1)}%`;
  const faults = FAULTS.map((kind) => `${kind} ${report.faults[kind] ?? 0}`);
  const stops = Object.entries(report.stops).map(([reason, count]) => `${reason} ${count}`);
  return [
    `seed ${seed}: ${judged} profiles in ${seconds.toFixed(1)} s, ${rate} a second, ${browsers === 1 ? 'one browser' : `${browsers} browsers`}`,
    `swipes: ${swipes.right} right, ${swipes.left} left (${swipes.ruled} by a rule, ${swipes.worded} turned by words), ${swipes.person} by the person; ${swipes.failed} whose call failed; ${held} held`,
    `decisions ready before their card was on top: ${ready} of ${swipes.readyOf}`,
    `score requests: ${requests.now} now, ${requests.ahead} ahead, ${requests.refused} refused`,
    `loads of the page: ${loads}; swipes that nobody can say of whether they were counted, or whose they were: ${excused}`,
    `done to it: ${faults.join(', ')}`,
    `stops: ${stops.join(', ') || 'none'}`,
    violations.length === 0 ? 'no violation' : `${violations.length} violations`,
    ...violations.map(violationText),
  ].join('\n');
}

/** Two lists of counts, added up by their names. */
function added<Counts extends object>(one: Counts, other: Counts): Counts {
  const sum = { ...one } as Record<string, number>;
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum as Counts;
}
