import type { Dataset } from '../training/dataset/dataset.ts';
import type { HeadConfiguration } from '../training/head/head-run.ts';
import type { LearntHead } from '../training/head/learn-head.ts';

/** What `train` prints before a head is learnt. */
export function headBeginLines(
  folder: string,
  { name, init }: HeadConfiguration,
  { head }: Pick<Dataset, 'head'>,
  device: string,
): string {
  const { LIKE, NOPE } = head.parts.training;
  const better = init === 'embedded' ? '; the public network’s tell more apart: models fetch bvlc, then --init' : '';
  return [
    `Learning ${name}`,
    `  features of ${init}, frozen${better}`,
    `  photos   ${LIKE.photos} LIKE, ${NOPE.photos} NOPE; both labels weigh the same`,
    `  device   ${device}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** What it prints of a head that was learnt. */
export function headLines({ strength, folds, temperature }: LearntHead): string {
  const { reason } = temperature;
  return `  head     strength ${Number(strength.toPrecision(2))} of ${folds} folds; temperature ${temperature.temperature.toFixed(2)}, ${reason}`;
}
