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

  /** `said` is the server's own message, for the log. */
  constructor(
    reason: Reason,
    options: Omit<Problem, 'reason'> & { cause?: unknown; code?: ErrorCode; said?: string } = {},
  ) {
    const { cause, code, said, ...rest } = options;
    super(said ?? rest.detail ?? reason, { cause });
    this.problem = { reason, ...rest };
    this.code = code;
  }
}

/** Refusals (4xx) that aren't about the request itself, so the same request may succeed later. */
const PASSING: readonly (ErrorCode | undefined)[] = [
  'host_refused',
  'loopback_only',
  'origin_refused',
  'request_aborted',
  'route_unknown',
];

/** True if the server refuses this request for good (4xx). It is pointless to send it again. */
export function isPermanent(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problem.reason === 'server_refused' && !PASSING.includes(error.code);
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
