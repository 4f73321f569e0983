import { LABELS } from '@swipenet/shared/confidence.ts';
import { printable } from '@swipenet/shared/printable.ts';
import type { BuiltDataset } from '../../training/dataset/build/build-dataset.ts';
import { type DatasetHead, PARTS } from '../../training/dataset/dataset-format.ts';
import { likeShare } from '../../training/dataset/part-counts.ts';
import { percent, wholeNumber } from '../format.ts';

/** The number of files to list. The dataset's own lists have all of them. */
const MAX_LISTED = 20;

/** Formats the photos and profiles of each label in each split, and their balance. */
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

/** Formats the photos that look alike under different labels: their number, and the first pairs. */
export function nearLines(near: BuiltDataset['nearAcrossLabels']): string {
  if (near.length === 0) return 'look-alikes across labels: none';
  const pairs = near
    .slice(0, MAX_LISTED)
    .map(({ like, nope, bits }) => `  ${printable(like)} and ${printable(nope)} (${bits} of 64 bits differ)`);
  const more =
    near.length > MAX_LISTED
      ? [`  … and ${wholeNumber(near.length - MAX_LISTED)} more in near-across-labels.jsonl`]
      : [];
  return [`look-alikes across labels: ${wholeNumber(near.length)}`, ...pairs, ...more].join('\n');
}
