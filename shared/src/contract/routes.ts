/**
 * The version of what server and extension say to each other. It grows by one with every change that an older side
 * could not take; both sides compare it and say which one to update.
 */
export const CONTRACT_VERSION = 1;

/** Where a server listens unless told otherwise. */
export const DEFAULT_PORT = 8787;

/**
 * Every route of the server: method, path, and whether it asks for a token: any (`true`), or this machine's own
 * (`local`).
 */
export const ROUTES = {
  score: { method: 'POST', path: '/v1/score', token: true },
  pair: { method: 'POST', path: '/v1/pair', token: false },
  pairingCode: { method: 'POST', path: '/v1/pair/code', token: 'local' },
  model: { method: 'GET', path: '/v1/model', token: true },
  reload: { method: 'POST', path: '/v1/model', token: 'local' },
  status: { method: 'GET', path: '/v1/status', token: true },
  health: { method: 'GET', path: '/healthz', token: false },
  live: { method: 'GET', path: '/v2/health/live', token: false },
  ready: { method: 'GET', path: '/v2/health/ready', token: false },
  /** The token is not asked for where the server was started with `--metrics-open`. */
  metrics: { method: 'GET', path: '/metrics', token: true },
  openapi: { method: 'GET', path: '/openapi.json', token: false },
  docs: { method: 'GET', path: '/docs', token: false },
  docsStyle: { method: 'GET', path: '/docs/style.css', token: false },
} as const satisfies Record<string, { method: 'GET' | 'POST'; path: `/${string}`; token: boolean | 'local' }>;

/** The name of a route. */
export type RouteName = keyof typeof ROUTES;
