import { createHash, timingSafeEqual } from 'node:crypto';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './dependencies.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets a request pass that brings `Authorization: Bearer TOKEN` (RFC 6750). Digests are compared, in constant time, so
 * neither the token's length nor how much of it was right shows in how long the answer takes.
 */
export function bearerAuth(token: string): MiddlewareHandler<AppEnv> {
  const expected = digest(token);
  return async (context, next) => {
    const header = context.req.header('Authorization');
    if (!header) throw new SwipenetError('token_missing', 'this route needs the header Authorization: Bearer TOKEN');
    const given = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (!given || !timingSafeEqual(digest(given), expected)) {
      throw new SwipenetError('token_invalid', 'the token is not this server’s');
    }
    await next();
  };
}
