import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/**
 * Bounds the bytes of all request bodies that are in memory at once; one body too many is refused before it is read. A
 * body that does not announce its length counts as the largest that a request may have.
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
    // One that announces more than it may have is refused as such, by whoever bounds the single body.
    const bytes = Math.min(Number(req.header('Content-Length') ?? options.maxBodyBytes), options.maxBodyBytes);
    if (inFlightBytes + bytes > options.maxBytes) {
      throw new SwipenetError('queue_full', 'the photos of other requests fill the server’s memory just now');
    }
    inFlightBytes += bytes;
    try {
      await next();
    } finally {
      inFlightBytes -= bytes;
    }
  };
}
