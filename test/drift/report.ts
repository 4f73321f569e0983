import { MUTATION_NAMES } from './mutations.ts';
import { PAGES } from './plan-run.ts';
import type { Outcome, RunRecord } from './play-run.ts';

/** Every outcome, from best to worst. */
const OUTCOMES = ['works', 'stops', 'holds', 'silent', 'unsafe'] as const satisfies readonly Outcome[];

/** How many runs had which outcome. */
export interface Shares {
  readonly runs: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The named reasons, most frequent first. */
  readonly reasons: readonly (readonly [reason: string, runs: number])[];
}

/** The result of a drift suite. */
export interface DriftReport {
  readonly seed: number;
  readonly all: Shares;
  /** Unchanged pages are under `none`. A run with several mutations counts under each of them. */
  readonly byMutation: Readonly<Record<string, Shares>>;
  readonly byPage: Readonly<Record<string, Shares>>;
  /** The longest time until a named stop, on the extension's own clock, in milliseconds. */
  readonly slowestMs: number;
  /** Score requests whose photos aren't all of one person in the deck. */
  readonly mixed: number;
  /** Runs that were unsafe or silent, or in which the twin failed. */
  readonly faults: readonly RunRecord[];
}

/** Summarizes runs. */
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

/** True for a run with an outcome that must not happen. */
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

/** Formats the report as text. */
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
    `slowest named stop: ${(slowestMs / 1_000).toFixed(0)} s on the extension's clock`,
    `score requests with photos of a stranger or of two people: ${mixed}`,
    faults.length === 0 ? 'no fault' : `${faults.length} faults`,
    ...faults.map((record) => faultText(seed, record)),
  ].join('\n');
}

/** Formats one fault as a line of text. */
export function faultText(seed: number, { run, page, mutations, outcome, reason, unsafe, broken }: RunRecord): string {
  const what = broken ?? (unsafe.map(({ kind, step, detail }) => `${kind} at ${step}, ${detail}`).join('; ') || reason);
  return `fault: seed ${seed}, run ${run}, ${page}, ${mutations.join(' + ') || 'none'}: ${outcome}: ${what}`;
}
