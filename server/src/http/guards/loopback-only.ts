import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { type Access, LOCAL_CALLER } from './access.ts';
import { clientAddressReader, isFromThisMachine } from './client-address.ts';

/**
 * For routes that are the owner's alone, behind the token: lets pass who has the local token and asks from this machine.
 * A device's token opens none of them, so that what was paired can neither pair others nor change the server.
 */
export function loopbackOnly({ trustedProxies }: Pick<Access, 'trustedProxies'>): MiddlewareHandler<AppEnv> {
  const clientAddress = clientAddressReader(trustedProxies);
  return async (context, next) => {
    if (context.get('caller') !== LOCAL_CALLER || !isFromThisMachine(context, clientAddress(context))) {
      throw new SwipenetError('loopback_only', 'this route is for the server’s own machine and its local token');
    }
    await next();
  };
}
