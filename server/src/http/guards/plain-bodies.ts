import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/**
 * Rejects a body that says it is compressed. No client of ours compresses one, and a few of its bytes could become
 * gigabytes, or reach a flaw of a decoder (docs/known-advisories.json).
 */
export const plainBodiesOnly: MiddlewareHandler<AppEnv> = async (context, next) => {
  const encoding = context.req.header('Content-Encoding')?.trim();
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new SwipenetError('body_encoded', `the body must not be encoded (Content-Encoding: ${encoding})`);
  }
  await next();
};
