import type { Removal } from '@swipenet/shared/contract/studio/removal.ts';
import { formatBytes, formatCount } from './format.ts';

/** Says how much is deleted. */
export function removalWords({ bytes, sharedBytes, files, isLink, refusal }: Omit<Removal, 'folder' | 'runs'>): string {
  if (isLink) return 'This is a link to another folder. Only the link is deleted:';
  if (files === 0) return 'It has no files yet.';
  const size = `This ${refusal === null ? 'deletes' : 'would delete'} ${formatBytes(bytes)} in ${files === 1 ? '1 file' : `${formatCount(files)} files`}:`;
  if (sharedBytes === 0) return size;
  return `Other versions share ${formatBytes(sharedBytes)} of it and keep them. ${size}`;
}

/** How many runs are named. */
const MAX_NAMED = 5;

/** Says which runs can't be resumed any more. There is at least one. */
export function lostRunsWords(runs: readonly string[]): string {
  if (runs.length === 1) return `The run ${runs[0]} can’t be resumed without it.`;
  const named = runs.slice(0, MAX_NAMED).join(', ');
  const more = runs.length > MAX_NAMED ? ` and ${formatCount(runs.length - MAX_NAMED)} more` : '';
  return `${formatCount(runs.length)} runs can’t be resumed without it: ${named}${more}.`;
}
