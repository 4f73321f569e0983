import { timingSafeEqual } from 'node:crypto';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import { sha256Digest } from '../../files/sha256.ts';
import type { AppEnv } from '../dependencies.ts';
import { type Access, LOCAL_CALLER } from './access.ts';

/**
 * Lets a request pass that brings `Authorization: Bearer TOKEN` (RFC 6750), the local one or a paired device's. Digests
 * are compared, in constant time, so neither the token's length nor how much of it was right shows in how long the
 * answer takes. A device that was paired by an extension is that extension's: from another origin its token is worth
 * nothing.
 */
export function bearerAuth(token: string, { devices }: Pick<Access, 'devices'>): MiddlewareHandler<AppEnv> {
  const expected = sha256Digest(token);
  return async (context, next) => {
    const header = context.req.header('Authorization');
    if (!header) throw new SwipenetError('token_missing', 'this route needs the header Authorization: Bearer TOKEN');
    const given = /^Bearer +(\S+)$/i.exec(header)?.[1];
    const isLocal = given !== undefined && timingSafeEqual(sha256Digest(given), expected);
    const device = given === undefined || isLocal ? undefined : devices.find(given);
    if (!isLocal && !device) {
      throw new SwipenetError('token_invalid', 'the token is not this server’s, or its device was revoked');
    }
    const origin = context.req.header('Origin');
    if (device?.origin && origin !== undefined && origin !== device.origin) {
      throw new SwipenetError('origin_refused', 'the token is another extension’s');
    }
    context.set('caller', device?.id ?? LOCAL_CALLER);
    await next();
  };
}
