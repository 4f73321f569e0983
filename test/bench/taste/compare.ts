import { calibrationError, type ProfileMetrics } from '@swipenet/server/training/evaluation/metrics.ts';
import { METHOD_NAMES, type MethodName } from './methods.ts';
import type { Outcome } from './try-setting.ts';

/** A figure of a method over several runs. */
interface Metric {
  readonly title: string;
  /** What the figure is multiplied by for people, and the unit that this gives. */
  readonly factor: number;
  readonly unit: string;
  readonly isLowBetter?: true;
  readonly of: (runs: readonly Outcome[]) => number;
}

const averageOf = (metric: (metrics: ProfileMetrics) => number | null) => (runs: readonly Outcome[]) =>
  runs.reduce((sum, { metrics }) => sum + metric(metrics)!, 0) / runs.length;

/** The calibration error is that of all runs together, because 120 profiles are too few for it. */
export const METRICS = {
  auc: { title: 'AUC %', factor: 100, unit: '%', of: averageOf(({ auc }) => auc) },
  balancedAccuracy: {
    title: 'balanced %',
    factor: 100,
    unit: '%',
    of: averageOf(({ balancedAccuracy }) => balancedAccuracy),
  },
  accuracy: { title: 'accuracy %', factor: 100, unit: '%', of: averageOf(({ accuracy }) => accuracy) },
  loss: {
    title: 'loss mnat',
    factor: 1000,
    unit: 'mnat',
    isLowBetter: true,
    of: averageOf(({ meanLoss }) => meanLoss),
  },
  ece: {
    title: 'ECE %',
    factor: 100,
    unit: '%',
    isLowBetter: true,
    of: (runs) => calibrationError(runs.flatMap(({ rated }) => rated)),
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** A figure, and how it compares. */
export interface Cell {
  readonly value: number;
  /** The standard error: of the difference from Swipenet, or of the figure itself for Swipenet. NaN for a single run. */
  readonly error: number;
  /** Whether the method is better or worse than Swipenet by more than {@link NOISE} standard errors. */
  readonly verdict: 'better' | 'worse' | 'noise';
}

/** One number of profiles with one share of wrong labels. */
export interface Row {
  readonly size: number;
  readonly wrongShare: number;
  /** The number of runs, and of those in which Swipenet learned. */
  readonly runs: number;
  readonly learned: number;
  /** Undefined for a method that refused in every compared run. */
  readonly methods: Readonly<Record<MethodName, Readonly<Record<MetricName, Cell>> | undefined>>;
}

/** Differences up to this number of standard errors are noise. */
export const NOISE = 2;

/**
 * Summarizes the runs of a row. The methods are compared on the runs in which Swipenet learned. If it refused in all of
 * them, the figures of the others are of all runs, and every verdict is noise.
 *
 * @param outcomes per method, the outcome of each run in the same order, or undefined if the method refused.
 */
export function rowOf(
  { size, wrongShare }: Pick<Row, 'size' | 'wrongShare'>,
  outcomes: Readonly<Record<MethodName, readonly (Outcome | undefined)[]>>,
): Row {
  const learned = outcomes.ours.flatMap((outcome, run) => (outcome ? [run] : []));
  const compared = learned.length > 0 ? learned : [...outcomes.ours.keys()];
  const methods = METHOD_NAMES.map((method) => {
    const runs = compared.filter((run) => outcomes[method][run]);
    if (runs.length === 0) return [method, undefined] as const;
    const [own, reference] = [method, 'ours' as const].map((name) => runs.map((run) => outcomes[name][run]!));
    const isCompared = method !== 'ours' && learned.length > 0;
    const cells = METRIC_NAMES.map((name) => [name, cellOf(METRICS[name], own!, isCompared ? reference! : undefined)]);
    return [method, Object.fromEntries(cells) as Record<MetricName, Cell>] as const;
  });
  return {
    ...{ size, wrongShare, runs: outcomes.ours.length, learned: learned.length },
    methods: Object.fromEntries(methods) as unknown as Row['methods'],
  };
}

function cellOf(metric: Metric, own: readonly Outcome[], reference: readonly Outcome[] | undefined): Cell {
  const value = metric.of(own);
  const lead = (left: readonly number[]) => {
    const of = (runs: readonly Outcome[]) => metric.of(left.map((run) => runs[run]!));
    return reference ? of(own) - of(reference) : of(own);
  };
  const runs = [...own.keys()];
  const error = jackknife(runs, lead);
  const advantage = (metric.isLowBetter ? -1 : 1) * lead(runs);
  const isClear = reference !== undefined && Math.abs(advantage) > NOISE * error;
  return { value, error, verdict: isClear ? (advantage > 0 ? 'better' : 'worse') : 'noise' };
}

/** The standard error of a statistic: the jackknife, which leaves out one run at a time (Efron and Stein 1981). */
function jackknife(runs: readonly number[], statistic: (left: readonly number[]) => number): number {
  const count = runs.length;
  if (count < 2) return Number.NaN;
  const values = runs.map((run) => statistic(runs.filter((other) => other !== run)));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return Math.sqrt(((count - 1) / count) * values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
}
