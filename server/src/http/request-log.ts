import { type ErrorCode, errorDefinition } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { slowestOf } from '../observe/model-metrics.ts';
import type { AppDependencies, AppEnv } from './dependencies.ts';

/** Routes that are polled, and the one that comes before each command. Their successful requests are logged only at level `debug`. */
const PROBES: readonly string[] = [
  ROUTES.health,
  ROUTES.live,
  ROUTES.ready,
  ROUTES.metrics,
  ROUTES.status,
  ROUTES.proof,
  ROUTES.oipServer,
  ROUTES.oipModel,
  ROUTES.oipModelReady,
  ROUTES.oipModelConfig,
  ROUTES.sessionPairings,
].map(({ path }) => path);

/** Routes whose requests go through the network. */
const INFERENCE: readonly string[] = [ROUTES.score.path, ROUTES.oipInfer.path];

/** The route name for unknown paths. Such paths come from the client and must not appear anywhere. */
const UNMATCHED = 'unmatched';

/**
 * Counts each request, and logs one line when it is answered: ID, method, route template, caller, status, error code
 * and time. A line about photos also has the number of photos, the model and the time of each stage. It never contains
 * a path, a query, a header or a body.
 */
export function observeRequests({
  metrics,
  log,
  now,
  served,
}: Pick<AppDependencies, 'metrics' | 'log' | 'now' | 'served'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const start = now();
    await next();
    const ms = now() - start;
    const { method } = context.req;
    const { status } = context.res;
    const route = routeOf(context);
    const code = context.get('errorCode');
    const model = context.get('model') ?? served().answer;
    const scored = context.get('scored');
    const caller = context.get('caller') as string | undefined; // unset if the route needs no token or the token was wrong
    metrics.answered({ method, route, status, seconds: ms / 1000 });
    if (scored && !code) metrics.forModel(model).succeeded(scored, ms);
    else if (code && INFERENCE.includes(route) && failsInference(code)) metrics.forModel(model).failed(code);
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

/** Returns the route template of a request. Hono lists all matches, with middlewares for all paths first. */
function routeOf(context: Context<AppEnv>): string {
  const template = routePath(context, -1);
  return template === '' || template.endsWith('*') ? UNMATCHED : template;
}

/**
 * Returns true for errors that count as failed inference. An invalid request never reached it, but a canceled one did.
 */
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
