import { MUTATION_NAMES } from './mutations.ts';
import { PAGES } from './plan-run.ts';
import type { Outcome, RunRecord } from './play-run.ts';

/** Every outcome, the worst last. */
const OUTCOMES = ['works', 'stops', 'holds', 'silent', 'unsafe'] as const satisfies readonly Outcome[];

/** How many runs came to what. */
export interface Shares {
  readonly runs: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The reasons that were named, the most frequent first. */
  readonly reasons: readonly (readonly [reason: string, runs: number])[];
}

/** What a drift suite came to. */
export interface DriftReport {
  readonly seed: number;
  readonly all: Shares;
  /** Runs with nothing changed are under `none`; one with several mutations is under each of them. */
  readonly byMutation: Readonly<Record<string, Shares>>;
  readonly byPage: Readonly<Record<string, Shares>>;
  /** The longest time by the extension's own clock until a reason was named, in milliseconds. */
  readonly slowestMs: number;
  /** Score requests with photos that are not all one person's of the deck. */
  readonly mixed: number;
  /** Runs that were unsafe or silent, or in which the twin itself failed. */
  readonly faults: readonly RunRecord[];
}

/** Counts. */
export function driftReport(seed: number, records: readonly RunRecord[]): DriftReport {
  const sharesOf = (chosen: (record: RunRecord) => boolean) => shares(records.filter(chosen));
  return {
    seed,
    all: shares(records),
    byMutation: {
      none: sharesOf(({ mutations }) => mutations.length === 0),
      ...Object.fromEntries(
        MUTATION_NAMES.map((name) => [name, sharesOf(({ mutations }) => mutations.includes(name))]),
      ),
    },
    byPage: Object.fromEntries(Object.keys(PAGES).map((name) => [name, sharesOf(({ page }) => page === name)])),
    slowestMs: Math.max(0, ...records.filter(({ outcome }) => outcome === 'stops').map(({ clockMs }) => clockMs)),
    mixed: records.reduce((sum, { mixed }) => sum + mixed, 0),
    faults: records.filter(isFault),
  };
}

/** What must not come of a run. */
export const isFault = ({ outcome, broken }: RunRecord): boolean =>
  outcome === 'unsafe' || outcome === 'silent' || broken !== undefined;

function shares(records: readonly RunRecord[]): Shares {
  const outcomes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, records.filter((record) => record.outcome === outcome).length]),
  ) as Record<Outcome, number>;
  const reasons = new Map<string, number>();
  for (const { outcome, reason } of records) {
    if (outcome === 'stops' && reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { runs: records.length, outcomes, reasons: [...reasons].sort((a, b) => b[1] - a[1]) };
}

/** The report for people. */
export function driftText({ seed, all, byMutation, byPage, slowestMs, mixed, faults }: DriftReport): string {
  const width = Math.max(...Object.keys(byMutation).map((name) => name.length));
  const head = [
    ''.padEnd(width),
    '  runs',
    ...OUTCOMES.map((outcome) => outcome.padStart(8)),
    '  most named reasons',
  ].join('');
  const percent = (count: number, of: number) => (of === 0 ? '' : `${((100 * count) / of).toFixed(0)}%`).padStart(8);
  const row = ([name, { runs, outcomes, reasons }]: [string, Shares]) =>
    [
      name.padEnd(width),
      String(runs).padStart(6),
      ...OUTCOMES.map((outcome) => percent(outcomes[outcome], runs)),
      `  ${reasons
        .slice(0, 3)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', ')}`,
    ].join('');
  return [
    head,
    row([`seed ${seed}`, all]),
    '',
    ...Object.entries(byPage).map(row),
    '',
    ...Object.entries(byMutation).map(row),
    '',
    `the slowest stop was named after ${(slowestMs / 1_000).toFixed(0)} s by the extension's clock`,
    `score requests with photos of nobody's or of two people: ${mixed}`,
    faults.length === 0 ? 'no fault' : `${faults.length} faults`,
    ...faults.map((record) => faultText(seed, record)),
  ].join('\n');
}

/** One line for people. */
export function faultText(seed: number, { run, page, mutations, outcome, reason, unsafe, broken }: RunRecord): string {
  const what = broken ?? (unsafe.map(({ kind, step, detail }) => `${kind} at ${step}, ${detail}`).join('; ') || reason);
  return `fault: seed ${seed}, run ${run}, ${page}, ${mutations.join(' + ') || 'none'}: ${outcome}: ${what}`;
}
