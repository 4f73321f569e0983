import {
  type ErrorEnvelope,
  errorDefinition,
  isContractError,
  SwipenetError,
} from '@swipenet/shared/contract/errors.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** Makes the one envelope out of whatever was thrown; only what is the server's own fault is reported with its cause. */
export function errorHandler({ report }: Pick<AppDependencies, 'report'>) {
  return (thrown: Error, context: Context<AppEnv>): Response => {
    const error = asAnswerable(thrown);
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

/** Every thrown value as an error of the contract that may answer a request. */
function asAnswerable(thrown: unknown): SwipenetError {
  if (isContractError(thrown) && errorDefinition(thrown.code).status) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'TimeoutError') {
    return new SwipenetError('deadline_exceeded', 'the photos could not be scored in time', { cause: thrown });
  }
  if (name === 'AbortError') return new SwipenetError('request_aborted', 'the client went away', { cause: thrown });
  return new SwipenetError('internal', 'the server made a mistake; its log has the request id', { cause: thrown });
}
