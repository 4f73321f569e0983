import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /v1/model`: returns the current model, its device with the reason, and the contract version. */
export function modelRoute({ served }: AppDependencies) {
  return (context: Context<AppEnv>): Response => context.json(served().answer);
}
