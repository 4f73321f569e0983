import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { type Rate, TokenBuckets } from './token-buckets.ts';

/**
 * Refuses what comes faster than a rate, and says in `Retry-After` when to come again.
 *
 * @param keyOf whose request it is: each key has a rate of its own.
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
      throw new SwipenetError('rate_limited', `more than ${rate.burst} requests at once`);
    }
    await next();
  };
}
