import { LABELS } from '@swipenet/shared/confidence.ts';
import type { BuiltDataset } from '../../training/dataset/build/build-dataset.ts';
import type { LeftOut } from '../../training/dataset/build/selection.ts';
import { type DatasetHead, PARTS } from '../../training/dataset/dataset-format.ts';
import { likeShare } from '../../training/dataset/part-counts.ts';
import { percent, wholeNumber } from '../format.ts';

/** Files that are named one by one; the data set's own lists name them all. */
const NAMED = 20;

/** A data set for people: photos and profiles of each label in each part, and how balanced they are. */
export function partLines({ parts }: Pick<DatasetHead, 'parts'>): string {
  const rows = PARTS.filter((part) => LABELS.some((label) => parts[part][label].photos > 0)).map((part) => {
    const cells = (['LIKE', 'NOPE'] as const).map((label) => {
      const { photos, profiles } = parts[part][label];
      return `${wholeNumber(photos)} (${wholeNumber(profiles)})`.padStart(20);
    });
    const share = percent(likeShare(parts[part]));
    return `  ${part.padEnd(10)}${cells.join('')}${share.padStart(10)}`;
  });
  const head = `  ${'photos (profiles)'.padEnd(18)}${'LIKE'.padStart(12)}${'NOPE'.padStart(20)}${'LIKE'.padStart(10)}`;
  return [head, ...rows].join('\n');
}

/** What was left out and why: each reason with its count, then the files, the first of them, or `named`, by name. */
export function leftOutLines(leftOut: readonly LeftOut[], named = NAMED): string {
  if (leftOut.length === 0) return 'left out: nothing';
  const counts = Object.entries(Object.groupBy(leftOut, ({ reason }) => reason));
  const reasons = counts.map(([reason, files]) => `${reason} ${wholeNumber(files.length)}`);
  const files = leftOut.slice(0, named).map(({ path, reason, message }) => `  ${path}: ${message} (${reason})`);
  const more = leftOut.length > named ? [`  … and ${wholeNumber(leftOut.length - named)} more in left-out.jsonl`] : [];
  return [`left out: ${wholeNumber(leftOut.length)} (${reasons.join(', ')})`, ...files, ...more].join('\n');
}

/** Photos that look alike under both labels: how many, and the first of them. */
export function nearLines(near: BuiltDataset['nearAcrossLabels']): string {
  if (near.length === 0) return 'look alike under both labels: none';
  const pairs = near.slice(0, NAMED).map(({ like, nope, bits }) => `  ${like} and ${nope} (${bits} of 64 bits differ)`);
  const more =
    near.length > NAMED ? [`  … and ${wholeNumber(near.length - NAMED)} more in near-across-labels.jsonl`] : [];
  return [`look alike under both labels: ${wholeNumber(near.length)}`, ...pairs, ...more].join('\n');
}
