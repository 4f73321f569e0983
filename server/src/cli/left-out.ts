import { printable } from '@swipenet/shared/printable.ts';
import { wholeNumber } from './format.ts';

/** A file or folder that a command left out, as `--json` lists it. */
interface LeftOutLine {
  readonly path: string;
  readonly reason: string;
  readonly message: string;
}

/** The number of files to list. */
const MAX_LISTED = 20;

/**
 * Formats what a command left out: the count per reason, and then up to `named` files and folders. Files that aren't
 * photos by their names come last, because nobody expects them to be read.
 *
 * @param all where all of them are listed, or null if nowhere.
 */
export function leftOutLines(
  leftOut: readonly LeftOutLine[],
  { all = '--json', named = MAX_LISTED }: { readonly all?: string | null; readonly named?: number | undefined } = {},
): string {
  if (leftOut.length === 0) return 'left out: none';
  const { named: byName = [], other = [] } = Object.groupBy(leftOut, ({ reason }) =>
    reason === 'no_photo_by_name' ? 'named' : 'other',
  );
  const counts = Object.entries(Object.groupBy(leftOut, ({ reason }) => reason));
  const reasons = counts.map(([reason, files]) => `${reason} ${wholeNumber(files!.length)}`);
  const files = [...other, ...byName]
    .slice(0, named)
    .map(({ path, reason, message }) => `  ${printable(path)}: ${printable(message)} (${reason})`);
  const where = all === null ? '' : ` in ${all}`;
  const more = leftOut.length > named ? [`  … and ${wholeNumber(leftOut.length - named)} more${where}`] : [];
  return [`left out: ${wholeNumber(leftOut.length)} (${reasons.join(', ')})`, ...files, ...more].join('\n');
}
