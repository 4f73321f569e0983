import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { LOCAL_CALLER } from './access.ts';
import type { ClientReader } from './client-address.ts';

/** Accepts only requests from this machine. */
export function ownMachineOnly({
  isFromThisMachine,
}: Pick<ClientReader, 'isFromThisMachine'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    if (!isFromThisMachine(context)) {
      throw new SwipenetError('loopback_only', 'this route accepts only requests from the server’s own machine');
    }
    await next();
  };
}

/**
 * Accepts only requests with the local token from this machine. Comes after the token check. A paired device can't use
 * these routes, so it can neither pair other devices nor change the server.
 */
export function loopbackOnly({
  isFromThisMachine,
}: Pick<ClientReader, 'isFromThisMachine'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    if (context.get('caller') !== LOCAL_CALLER || !isFromThisMachine(context)) {
      throw new SwipenetError(
        'loopback_only',
        'this route accepts only the local token, and only from the server’s own machine',
      );
    }
    await next();
  };
}
