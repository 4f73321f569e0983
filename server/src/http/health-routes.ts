import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { HealthAnswer, ReadyAnswer } from '@swipenet/shared/contract/status.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** `GET /healthz`: the process answers. */
export function healthRoute() {
  return (context: Context<AppEnv>): Response => context.json({ status: 'ok' } satisfies HealthAnswer);
}

/** `GET /v2/health/ready`: an engine is alive and warm on the device that was asked for; else 503 `not_ready`. */
export function readyRoute({ ready }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    if (!ready()) throw new SwipenetError('not_ready', 'no engine is ready');
    return context.json({ ready: true } satisfies ReadyAnswer);
  };
}
