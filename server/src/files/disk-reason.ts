import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** Says why the system couldn't write or delete something: that the disk is full, or else its code. */
export function diskReason(cause: unknown): string {
  const code = systemCodeOf(cause);
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : String(code);
}
