import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /v1/model`: which model answers here, on what device and why, and the contract's version. */
export function modelRoute({ served }: AppDependencies) {
  return (context: Context<AppEnv>): Response => context.json(served().answer);
}
