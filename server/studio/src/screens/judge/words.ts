import type { EvaluationSubject } from '@swipenet/shared/contract/studio/evaluations.ts';
import type { Unit } from './judge-props.ts';

/** Formats a fraction with one decimal: `42.0%`. Null is a dash. */
export const percent = (fraction: number | null): string =>
  fraction === null ? '–' : `${(100 * fraction).toFixed(1)}%`;

/** Formats a count of photos or profiles: `1 photo`, `1,204 profiles`. */
export const counted = (count: number, unit: Unit): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? unit.slice(0, -1) : unit}`;

/** Formats a figure with three decimals. Null is a dash. */
export const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

/** Formats what was evaluated: `quality on flowers, validation`. */
export const subjectWords = ({ model, dataset, part }: EvaluationSubject): string =>
  `${model.id} on ${dataset.name}, ${part}`;

/** Formats McNemar's p in plain words. */
export function chanceWords(p: number): string {
  const share = p < 0.001 ? 'less than 0.1%' : `${(100 * p).toFixed(p < 0.1 ? 1 : 0)}%`;
  const chance = `If both were equally good, a difference at least this large would come up in ${share} of such comparisons`;
  if (p < 0.01) return `${chance}, so it is hardly chance.`;
  if (p < 0.05) return `${chance}, so it is probably not chance.`;
  return `${chance}, so it may well be chance.`;
}
