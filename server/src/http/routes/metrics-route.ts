import type { Context } from 'hono';
import { watchEventLoop } from '../../observe/event-loop-delay.ts';
import type { AppDependencies, AppEnv } from '../dependencies.ts';

/** `GET /metrics`: returns all metrics in Prometheus' text format. */
export function metricsRoute({ metrics, status }: AppDependencies) {
  const eventLoopDelay = watchEventLoop();
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.body(await metrics.text(await status(), eventLoopDelay()), 200, {
      'Content-Type': metrics.contentType,
      'Cache-Control': 'no-store',
    });
}
