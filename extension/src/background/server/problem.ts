import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { Problem } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';
import { reportError } from '../../report-error.ts';

/** The server couldn't be asked or didn't answer. `problem` is what pages and the popup receive. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** The server's error code, if it sent one. */
  readonly code: ErrorCode | undefined;

  constructor(reason: Reason, options: Omit<Problem, 'reason'> & { cause?: unknown; code?: ErrorCode } = {}) {
    const { cause, code, ...rest } = options;
    super(rest.detail ?? reason, { cause });
    this.problem = { reason, ...rest };
    this.code = code;
  }
}

/** Returns the result of the work, or the problem if it fails. Logs a failure that isn't a {@link ProblemError}. */
export async function orProblem<Output>(work: Promise<Output>, step: string): Promise<Output | { problem: Problem }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    reportError(step, error);
    return { problem: { reason: 'server_unknown' } };
  }
}
