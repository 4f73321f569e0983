import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { Evaluation } from '../training/evaluation/evaluate.ts';
import type { Confusion } from '../training/evaluation/metrics.ts';

/** Files that are named one by one; `--json` names them all. */
const NAMED = 20;

const figure = (value: number | null) => (value === null ? 'unknown: a label is missing' : value.toFixed(4));

/** An evaluation for people: figures and confusion of photos and of profiles, then what could not be scored. */
export function evaluationLines({ photos, profiles, failed }: Evaluation, threshold: number): string {
  const named = failed.slice(0, NAMED).map(({ path, message, code }) => `  ${path}: ${message} (${code})`);
  const more = failed.length > NAMED ? [`  … and ${failed.length - NAMED} more`] : [];
  return [
    `photos: ${photos.count}, LIKE from ${formatPercent(threshold)}`,
    `  accuracy ${figure(photos.accuracy)} (${figure(photos.accuracyAtHalf)} at 50 %)`,
    `  AUC      ${figure(photos.auc)}`,
    `  ECE      ${figure(photos.ece)} (15 bins)`,
    ...confusionLines(photos.confusion, 'LIKE', 'NOPE'),
    `profiles: ${profiles.count}, ${profiles.held} held`,
    `  accuracy ${figure(profiles.accuracy)}`,
    `  AUC      ${figure(profiles.auc)}`,
    ...confusionLines(profiles.confusion, 'right', 'left'),
    ...(failed.length > 0 ? [`could not be scored: ${failed.length}`, ...named, ...more] : []),
  ].join('\n');
}

function confusionLines({ LIKE, NOPE }: Confusion, like: string, nope: string): string[] {
  const row = (...cells: readonly (string | number)[]) =>
    `  ${cells.map((cell) => String(cell).padStart(10)).join('')}`;
  return [row('', like, nope), row('is LIKE', LIKE.LIKE, LIKE.NOPE), row('is NOPE', NOPE.LIKE, NOPE.NOPE)];
}
