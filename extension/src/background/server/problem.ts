import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { Problem } from '../../messages.ts';
import type { Reason } from '../../reasons.ts';
import { reportError } from '../../report-error.ts';

/** The server could not be asked or gave no answer: what a page and the popup are told of it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** The server's own word for it, where it said one. */
  readonly code: ErrorCode | undefined;

  constructor(reason: Reason, options: Omit<Problem, 'reason'> & { cause?: unknown; code?: ErrorCode } = {}) {
    const { cause, code, ...rest } = options;
    super(rest.detail ?? reason, { cause });
    this.problem = { reason, ...rest };
    this.code = code;
  }
}

/** What work gives, or the problem that it failed by; a failure that is no {@link ProblemError} is logged. */
export async function orProblem<Output>(work: Promise<Output>, step: string): Promise<Output | { problem: Problem }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.problem };
    reportError(step, error);
    return { problem: { reason: 'server_unknown' } };
  }
}
