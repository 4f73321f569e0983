import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { HealthAnswer, LiveAnswer, ReadyAnswer } from '@swipenet/shared/contract/status.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /healthz`: the process answers. */
export function healthRoute() {
  return (context: Context<AppEnv>): Response => context.json({ status: 'ok' } satisfies HealthAnswer);
}

/** `GET /v2/health/live`: the same in the words of the Open Inference Protocol. */
export function liveRoute() {
  return (context: Context<AppEnv>): Response => context.json({ live: true } satisfies LiveAnswer);
}

/**
 * Refuses at once what could not be answered now, instead of letting it wait.
 *
 * @throws SwipenetError `not_ready`, `shutting_down`.
 */
export function assertReady(state: AppDependencies['state']): void {
  if (state() === 'not_ready') throw new SwipenetError('not_ready', 'no engine is ready');
  if (state() === 'shutting_down') throw new SwipenetError('shutting_down', 'the server is shutting down');
}

/** `GET /v2/health/ready`: an engine is alive and warm on the device that was asked for; else a 503. */
export function readyRoute({ state }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    assertReady(state);
    return context.json({ ready: true } satisfies ReadyAnswer);
  };
}
