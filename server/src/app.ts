import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { createDemo } from './demo/demo.ts';
import { allowedHosts } from './http/allowed-hosts.ts';
import { allowedOrigins } from './http/allowed-origins.ts';
import { bearerAuth } from './http/auth.ts';
import { bodyBudget } from './http/body-budget.ts';
import { clientAddressReader } from './http/client-address.ts';
import type { AppDependencies, AppEnv } from './http/dependencies.ts';
import { errorHandler } from './http/errors.ts';
import { loopbackOnly } from './http/loopback-only.ts';
import { rateLimit } from './http/rate-limit.ts';
import { routeHandlers } from './http/routes.ts';

/** All photos at their largest, and room for the multipart around them. */
const MAX_SCORE_BODY_BYTES = SCORE_LIMITS.maxPhotos * SCORE_LIMITS.maxPhotoBytes + 64 * 1024;

/** The body of any other route: a few fields of JSON. */
const MAX_BODY_BYTES = 16 * 1024;

/** Bodies in memory at once, over all score requests; parsing takes a few times as much. */
const MAX_BODY_BYTES_AT_ONCE = 256_000_000;

/** Attempts to pair from one address, which need no token: one in twelve seconds, after a first few. */
const PAIRING_RATE = { perSecond: 1 / 12, burst: 10 };

/** The server's HTTP side: the contract's routes, each behind the token, rate and bounds that it asks for; and the demo page. */
export function createApp(dependencies: AppDependencies): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const { access, now } = dependencies;
  const authenticate = bearerAuth(dependencies.token, access);
  const perToken = rateLimit(access.rate, { now, keyOf: (context) => context.get('caller') });
  const perAddress = rateLimit(PAIRING_RATE, { now, keyOf: clientAddressReader(access.trustedProxies) });
  const budget = bodyBudget({ maxBytes: MAX_BODY_BYTES_AT_ONCE, maxBodyBytes: MAX_SCORE_BODY_BYTES });

  app.use(requestId({ limitLength: 64 }), allowedHosts(access), allowedOrigins('/demo/'));
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const { method, path, token } = ROUTES[name];
    if (token) app.on(method, path, authenticate, perToken);
    if (token === 'local') app.on(method, path, loopbackOnly(access));
    if (name === 'pair') app.on(method, path, perAddress);
    if (name === 'score') app.on(method, path, budget);
    const bound = boundBody(name === 'score' ? MAX_SCORE_BODY_BYTES : MAX_BODY_BYTES);
    app.on(method, path, bound, routeHandlers[name](dependencies));
  }
  app.route('/demo', createDemo());
  app.notFound(({ req }) => {
    throw new SwipenetError('route_unknown', `there is no ${req.method} ${req.path.slice(0, 100)}`);
  });
  app.onError(errorHandler(dependencies));
  return app;
}

const boundBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new SwipenetError('body_too_large', `the body has more than ${maxSize} bytes`);
    },
  });
