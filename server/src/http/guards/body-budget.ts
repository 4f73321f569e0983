import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/**
 * Limits the bytes of all request bodies that are in memory at once. Rejects a body that doesn't fit before reading it.
 * A body of unknown length counts as the largest one allowed.
 *
 * @throws SwipenetError `queue_full`.
 */
export function bodyBudget(options: {
  readonly maxBytes: number;
  readonly maxBodyBytes: number;
}): MiddlewareHandler<AppEnv> {
  let inFlightBytes = 0;
  return async ({ req }, next) => {
    if (!req.raw.body) return await next();
    // A body that is too large on its own is rejected by the limit for single bodies.
    const bytes = Math.min(Number(req.header('Content-Length') ?? options.maxBodyBytes), options.maxBodyBytes);
    if (inFlightBytes + bytes > options.maxBytes) {
      throw new SwipenetError('queue_full', 'the photos of other requests fill the server’s memory; retry later');
    }
    inFlightBytes += bytes;
    try {
      await next();
    } finally {
      inFlightBytes -= bytes;
    }
  };
}
