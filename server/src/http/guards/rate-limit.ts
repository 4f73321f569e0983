import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { type Rate, TokenBuckets } from './token-buckets.ts';

/**
 * Rejects requests above a rate, and sends `Retry-After`.
 *
 * @param keyOf returns whose request it is. Each key has its own limit.
 */
export function rateLimit(
  rate: Rate,
  { now, keyOf }: { now: () => number; keyOf: (context: Context<AppEnv>) => string },
): MiddlewareHandler<AppEnv> {
  const buckets = new TokenBuckets(rate, { now });
  return async (context, next) => {
    const waitMs = buckets.take(keyOf(context));
    if (waitMs > 0) {
      context.header('Retry-After', String(Math.ceil(waitMs / 1_000)));
      throw new SwipenetError('rate_limited', `too many requests at once (limit ${rate.burst})`);
    }
    await next();
  };
}
