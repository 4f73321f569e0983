import { timingSafeEqual } from 'node:crypto';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import type { MiddlewareHandler } from 'hono';
import { sha256Digest } from '../../files/sha256.ts';
import type { AppEnv } from '../dependencies.ts';
import { type Access, LOCAL_CALLER } from './access.ts';

/**
 * Accepts requests with `Authorization: Bearer TOKEN` (RFC 6750), where TOKEN is the local one or a paired device's.
 * Compares digests in constant time, so the response time reveals neither the token's length nor how much of it was
 * right. The token of a paired extension doesn't work from another origin.
 */
export function bearerAuth(token: string, { devices }: Pick<Access, 'devices'>): MiddlewareHandler<AppEnv> {
  const expected = sha256Digest(token);
  return async (context, next) => {
    const header = context.req.header('Authorization');
    if (!header) throw new SwipenetError('token_missing', 'this route needs the header Authorization: Bearer TOKEN');
    const presented = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const isLocal = presented !== undefined && timingSafeEqual(sha256Digest(presented), expected);
    const device = presented === undefined || isLocal ? undefined : devices.find(presented);
    if (!isLocal && !device) {
      throw new SwipenetError('token_invalid', 'the token does not belong to this server, or its device was revoked');
    }
    const origin = context.req.header('Origin');
    if (device?.origin && origin !== undefined && origin !== device.origin) {
      throw new SwipenetError('origin_refused', 'the token belongs to another extension');
    }
    context.set('caller', device?.id ?? LOCAL_CALLER);
    context.set('taste', device?.taste === 'own' ? device.id : OWNER_TASTE);
    await next();
  };
}
