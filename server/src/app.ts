import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { createDemo } from './demo/demo.ts';
import { bearerAuth } from './http/auth.ts';
import { bodyBudget } from './http/body-budget.ts';
import type { AppDependencies, AppEnv } from './http/dependencies.ts';
import { errorHandler } from './http/errors.ts';
import { observeRequests } from './http/request-log.ts';
import { routeHandlers } from './http/routes.ts';

/** All photos at their largest, and room for the multipart around them. */
const MAX_BODY_BYTES = SCORE_LIMITS.maxPhotos * SCORE_LIMITS.maxPhotoBytes + 64 * 1024;

/** Bodies in memory at once, over all requests; parsing takes a few times as much. */
const MAX_BODY_BYTES_AT_ONCE = 256_000_000;

/** The server's HTTP side: the contract's routes, each behind the token and the body's bound where it asks for them; and the demo page. */
export function createApp(dependencies: AppDependencies): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const authenticate = bearerAuth(dependencies.token);
  const boundBody = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new SwipenetError('body_too_large', `the body has more than ${MAX_BODY_BYTES} bytes`);
    },
  });

  const budget = bodyBudget({ maxBytes: MAX_BODY_BYTES_AT_ONCE, maxBodyBytes: MAX_BODY_BYTES });

  // A client's own id is taken where it is short and of letters, digits, `-`, `_` and `=`; else it gets one.
  app.use(requestId({ limitLength: 64 }), observeRequests(dependencies));
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const { method, path, token } = ROUTES[name];
    if (token && !(name === 'metrics' && dependencies.metricsOpen)) app.on(method, path, authenticate);
    app.on(method, path, budget, boundBody, routeHandlers[name](dependencies));
  }
  app.route('/demo', createDemo());
  const answerError = errorHandler(dependencies);
  app.notFound((context) => {
    const { method, path } = context.req;
    // Answered and not thrown: an error from here would pass by the middlewares that count and log.
    return answerError(new SwipenetError('route_unknown', `there is no ${method} ${path.slice(0, 100)}`), context);
  });
  app.onError(answerError);
  return app;
}
