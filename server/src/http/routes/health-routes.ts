import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { HealthAnswer, LiveAnswer, ReadyAnswer } from '@swipenet/shared/contract/status.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /healthz`: returns 200 while the process is running. */
export function healthRoute() {
  return (context: Context<AppEnv>): Response => context.json({ status: 'ok' } satisfies HealthAnswer);
}

/** `GET /v2/health/live`: the same, for the Open Inference Protocol. */
export function liveRoute() {
  return (context: Context<AppEnv>): Response => context.json({ live: true } satisfies LiveAnswer);
}

/**
 * Rejects a request right away if the server can't handle it now, instead of letting it wait.
 *
 * @throws SwipenetError `not_ready`, `shutting_down`.
 */
export function assertReady(state: AppDependencies['state']): void {
  if (state() === 'not_ready') throw new SwipenetError('not_ready', 'no engine is ready');
  if (state() === 'shutting_down') throw new SwipenetError('shutting_down', 'the server is shutting down');
}

/** `GET /v2/health/ready`: returns 200 if an engine is warm on the chosen device, otherwise 503. */
export function readyRoute({ state }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    assertReady(state);
    return context.json({ ready: true } satisfies ReadyAnswer);
  };
}
