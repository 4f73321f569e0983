import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';

/** A request's body as JSON; undefined where it is none. Throws what reading it throws: it is too large, its client is gone. */
export async function readJson({ req }: Context<AppEnv>): Promise<unknown> {
  try {
    return await req.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
