import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /v1/status`: returns the current state of the server. */
export function statusRoute({ status }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json(await status(), 200, { 'Cache-Control': 'no-store' });
}
