import { type ErrorCode, errorDefinition } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { slowestOf } from '../observe/model-metrics.ts';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** What asks again and again: logged only at level `debug` while the answer is a good one. */
const PROBES: readonly string[] = [ROUTES.health, ROUTES.live, ROUTES.ready, ROUTES.metrics, ROUTES.status].map(
  ({ path }) => path,
);

/** The route of a request that no route answers: such paths are the client's own words and go nowhere. */
const UNMATCHED = 'unmatched';

/**
 * Counts each request and logs one line of it when it is answered: id, method, the route's template, whose token it
 * brought, status, error code, time; of photos how many, by which model, and the parts of their time. Never a path, a query, a header or a body.
 */
export function observeRequests({
  metrics,
  log,
  now,
  served,
}: Pick<AppDependencies, 'metrics' | 'log' | 'now' | 'served'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const begin = now();
    await next();
    const ms = now() - begin;
    const { method } = context.req;
    const { status } = context.res;
    const route = routeOf(context);
    const code = context.get('errorCode');
    const model = context.get('model') ?? served().answer;
    const scored = context.get('scored');
    const caller = context.get('caller') as string | undefined; // unset where no token was asked for, or none was right
    metrics.answered({ method, route, status, seconds: ms / 1000 });
    if (scored && !code) metrics.forModel(model).succeeded(scored, ms);
    else if (code && route === ROUTES.score.path && failsInference(code)) metrics.forModel(model).failed(code);
    const level = status >= 500 ? 'warn' : PROBES.includes(route) && status < 400 ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        requestId: context.get('requestId'),
        method,
        route,
        ...(caller && { caller }),
        status,
        ...(code && { code }),
        ms: tenths(ms),
        ...(scored && { model: model.id, ...scoredFields(scored) }),
      },
      'request',
    );
  };
}

/** The template that answered; `hono` lists what a path matched, middlewares for all paths first. */
function routeOf(context: Context<AppEnv>): string {
  const template = routePath(context, -1);
  return template === '' || template.endsWith('*') ? UNMATCHED : template;
}

/** A request that is itself at fault never reached the inference; one that its client gave up did. */
const failsInference = (code: ErrorCode) => errorDefinition(code).kind === 'server' || code === 'request_aborted';

function scoredFields(photos: NonNullable<AppEnv['Variables']['scored']>): Record<string, unknown> {
  const { queueMs, decodeMs, inferMs } = slowestOf(photos);
  const failed = photos.filter((photo) => 'error' in photo).length;
  return {
    photos: photos.length,
    ...(failed > 0 && { photosFailed: failed }),
    queueMs: tenths(queueMs),
    decodeMs: tenths(decodeMs),
    inferMs: tenths(inferMs),
  };
}

const tenths = (ms: number) => Math.round(ms * 10) / 10;
