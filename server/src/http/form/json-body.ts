import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/**
 * Reads a request's body as JSON. Returns undefined if it isn't JSON. Throws if the body is too large or the client
 * disconnects.
 */
export async function readJson({ req }: Context<AppEnv>): Promise<unknown> {
  try {
    return await req.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
