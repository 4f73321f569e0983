import type { Problem } from '../messages.ts';
import type { Reason } from '../reasons.ts';

/** The server could not be asked or gave no answer: what a page and the popup are told of it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(reason: Reason, options: Omit<Problem, 'reason'> & { cause?: unknown } = {}) {
    const { cause, ...rest } = options;
    super(rest.detail ?? reason, { cause });
    this.problem = { reason, ...rest };
  }
}
