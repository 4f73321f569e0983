import type { Removal } from '@swipenet/shared/contract/studio/removal.ts';
import { formatBytes, formatCount } from './format.ts';

/** Says how much is deleted. */
export function removalWords({ bytes, sharedBytes, files, isLink, refusal }: Omit<Removal, 'folder'>): string {
  if (isLink) return 'This is a link to another folder. Only the link is deleted:';
  if (files === 0) return 'It has no files yet.';
  const size = `This ${refusal === null ? 'deletes' : 'would delete'} ${formatBytes(bytes)} in ${files === 1 ? '1 file' : `${formatCount(files)} files`}:`;
  if (sharedBytes === 0) return size;
  return `Other versions share ${formatBytes(sharedBytes)} of it and keep them. ${size}`;
}
