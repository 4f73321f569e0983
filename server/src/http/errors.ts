import {
  type ErrorCode,
  type ErrorEnvelope,
  errorDefinition,
  isContractError,
  SwipenetError,
} from '@swipenet/shared/contract/errors.ts';
import { OIP_CODE_HEADER, type OipError } from '@swipenet/shared/contract/oip.ts';
import { hasOipErrors } from '@swipenet/shared/contract/routes.ts';
import type { Context } from 'hono';
import { CommandError, type CommandErrorCode } from '../command-error.ts';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** Turns any thrown value into an error response. Reports only server errors, with their cause. */
export function errorHandler({ report }: Pick<AppDependencies, 'report'>) {
  return (thrown: Error, context: Context<AppEnv>): Response => {
    const error = isOfStudio(thrown, context) ? refused(thrown) : asContractError(thrown);
    const definition = errorDefinition(error.code);
    const requestId = context.get('requestId');
    context.set('errorCode', error.code);
    if (definition.kind === 'server') report(error, requestId);
    if (definition.retryAfterS) context.header('Retry-After', String(definition.retryAfterS));
    if (definition.status === 401) context.header('WWW-Authenticate', 'Bearer');
    if (hasOipErrors(context.req.path)) {
      context.header(OIP_CODE_HEADER, error.code);
      return context.json({ error: error.message } satisfies OipError, definition.status ?? 500);
    }
    const envelope = { error: { code: error.code, message: error.message, requestId } } as ErrorEnvelope;
    return context.json(envelope, definition.status ?? 500);
  };
}

/** Returns true if the studio couldn't do something for a reason that commands have, too. */
const isOfStudio = (thrown: Error, { req }: Context<AppEnv>) =>
  thrown instanceof CommandError && !(thrown.code in TASTE_ERRORS) && req.path.startsWith('/v1/studio/');

/** Its message may name files: only the owner, on the server's own machine, has a session. */
const refused = (cause: Error) => new SwipenetError('studio_refused', cause.message, { cause });

/** Errors of the database of swipes. Their own messages name the file, which the client must not see. */
const TASTE_ERRORS: Partial<Record<string, readonly [code: ErrorCode, message: string]>> = {
  taste_disk_full: ['taste_disk_full', 'the server’s disk is full, so nothing was stored'],
  taste_busy: ['taste_unavailable', 'another program is using the database of swipes'],
  taste_unusable: ['taste_unavailable', 'the database of swipes can’t be used; see the server’s log'],
  taste_newer: ['taste_unavailable', 'a newer version of Swipenet wrote the database of swipes; update the server'],
} satisfies Partial<Record<CommandErrorCode, readonly [code: ErrorCode, message: string]>>;

/** Converts any thrown value to an error of the contract that has an HTTP status. */
export function asContractError(thrown: unknown): SwipenetError {
  const ofTaste = thrown instanceof SwipenetError ? TASTE_ERRORS[thrown.code] : undefined;
  if (ofTaste) return new SwipenetError(...ofTaste, { cause: thrown });
  if (isContractError(thrown) && errorDefinition(thrown.code).status) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'TimeoutError') {
    return new SwipenetError('deadline_exceeded', 'the photos were not scored in time', { cause: thrown });
  }
  if (name === 'AbortError') return new SwipenetError('request_aborted', 'the client disconnected', { cause: thrown });
  return new SwipenetError('internal', 'internal server error; see the server’s log for this request ID', {
    cause: thrown,
  });
}
