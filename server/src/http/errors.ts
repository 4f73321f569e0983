import {
  type ErrorEnvelope,
  errorDefinition,
  isContractError,
  SwipenetError,
} from '@swipenet/shared/contract/errors.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** Turns any thrown value into an error response. Reports only server errors, with their cause. */
export function errorHandler({ report }: Pick<AppDependencies, 'report'>) {
  return (thrown: Error, context: Context<AppEnv>): Response => {
    const error = asContractError(thrown);
    const definition = errorDefinition(error.code);
    const requestId = context.get('requestId');
    context.set('errorCode', error.code);
    if (definition.kind === 'server') report(error, requestId);
    if (definition.retryAfterS) context.header('Retry-After', String(definition.retryAfterS));
    if (definition.status === 401) context.header('WWW-Authenticate', 'Bearer');
    const envelope = { error: { code: error.code, message: error.message, requestId } } as ErrorEnvelope;
    return context.json(envelope, definition.status ?? 500);
  };
}

/** Converts any thrown value to an error of the contract that has an HTTP status. */
function asContractError(thrown: unknown): SwipenetError {
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
