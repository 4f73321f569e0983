import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName, takesSession } from '@swipenet/shared/contract/routes.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { Hono, type MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { requestId } from 'hono/request-id';
import { createDemo } from './demo/demo.ts';
import type { AppDependencies, AppEnv } from './http/dependencies.ts';
import { errorHandler } from './http/errors.ts';
import { allowedHosts } from './http/guards/allowed-hosts.ts';
import { allowedOrigins, ownOriginOnly } from './http/guards/allowed-origins.ts';
import { bearerAuth } from './http/guards/auth.ts';
import { bodyGuards } from './http/guards/body-bounds.ts';
import { clientReader } from './http/guards/client-address.ts';
import { networkOf } from './http/guards/client-network.ts';
import { loopbackOnly, ownMachineOnly } from './http/guards/loopback-only.ts';
import { plainBodiesOnly } from './http/guards/plain-bodies.ts';
import { rateLimit } from './http/guards/rate-limit.ts';
import { ownPageOnly, sessionAuth } from './http/guards/session-auth.ts';
import type { Rate } from './http/guards/token-buckets.ts';
import { observeRequests } from './http/request-log.ts';
import { routeHandlers } from './http/routes/routes.ts';

/** The rate limit for each way to get a token or a session: per address, 10 attempts and then one every 12 seconds. */
const PAIRING_RATE = { perSecond: 1 / 12, burst: 10 };

const GIVING: readonly RouteName[] = ['pair', 'pairAsk', 'session'];

/** The routes without a token that answer only programs and browsers on the server's own machine. */
const OWN_MACHINE: readonly RouteName[] = ['proof', 'pairAsk', 'pairClaim', 'session'];

/** The rate limit for each other route without a token, per address. The demo page counts as one route. */
const OPEN_RATE = { perSecond: 50, burst: 500 };

/** The rate limit for the demo page's decks, which can have a thousand profiles. */
const DECK_RATE = { perSecond: 5, burst: 40 };

/**
 * Creates the HTTP app: the contract's routes with their token checks, rate limits and size limits, and the demo page.
 */
export function createApp(dependencies: AppDependencies): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const { access, now } = dependencies;
  const authenticate = bearerAuth(dependencies.token, access);
  const perToken = rateLimit(access.rate, { now, keyOf: (context) => context.get('caller') });
  const clients = clientReader(access.trustedProxies);
  const perAddress = (rate: Rate) =>
    rateLimit(rate, { now, keyOf: (context) => networkOf(clients.addressOf(context)) });
  const ofSession = [ownMachineOnly(clients), ownPageOnly, sessionAuth(access)] as const;
  const boundBody = bodyGuards(dependencies);

  // Keeps the client's request ID if it is short and consists of letters, digits, `-`, `_` and `=`. Logging and metrics
  // come before the checks, so they see rejected requests too.
  app.use(
    requestId({ limitLength: 64 }),
    observeRequests(dependencies),
    ownOriginOnly,
    allowedHosts(access),
    plainBodiesOnly,
    allowedOrigins({
      linked: [ROUTES.start.path, '/demo', ROUTES.docs.path, ROUTES.studio.path],
      below: ['/demo', '/start', ROUTES.session.path, ROUTES.studio.path, '/v1/studio'],
    }),
  );
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const { method, path, token } = ROUTES[name];
    const isOpen = !token || (name === 'metrics' && dependencies.metricsOpen);
    if (OWN_MACHINE.includes(name)) app.on(method, path, ownMachineOnly(clients));
    if (name === 'session') app.on(method, path, ownPageOnly);
    if (token === 'session') app.on(method, path, ...ofSession);
    else if (takesSession(name)) app.on(method, path, sessionOr(authenticate, every(...ofSession)));
    else if (!isOpen) app.on(method, path, authenticate);
    if (!isOpen) app.on(method, path, perToken);
    if (token === 'local') app.on(method, path, loopbackOnly(clients));
    if (isOpen) app.on(method, path, perAddress(GIVING.includes(name) ? PAIRING_RATE : OPEN_RATE));
    app.on(method, path, boundBody(name), routeHandlers[name](dependencies));
  }
  app.use('/demo/*', perAddress(OPEN_RATE));
  app.use('/demo/profiles', perAddress(DECK_RATE));
  app.route('/demo', createDemo());
  const answerError = errorHandler(dependencies);
  app.notFound((context) => {
    const { method, path } = context.req;
    // Returns the error instead of throwing it, because a thrown error skips the middlewares that count and log.
    return answerError(new SwipenetError('route_unknown', `no route ${method} ${path.slice(0, 100)}`), context);
  });
  app.onError(answerError);
  return app;
}

/** Checks the session if a request has one, and the token otherwise. */
const sessionOr =
  (token: MiddlewareHandler<AppEnv>, session: MiddlewareHandler): MiddlewareHandler<AppEnv> =>
  (context, next) =>
    context.req.header(SESSION_HEADER) === undefined ? token(context, next) : session(context, next);
