/**
 * The version of the protocol between server and extension. Increase it by one with every incompatible change. Both
 * sides compare it and tell the user which one to update.
 */
export const CONTRACT_VERSION = 1;

/** The port that the server listens on by default. */
export const DEFAULT_PORT = 8787;

/**
 * Every route of the server. `token: true` means any token. `'local'` means only the local token, and only from the
 * server's own machine.
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
  /** Needs no token if the server runs with `--metrics-open`. */
  metrics: { method: 'GET', path: '/metrics', token: true },
  openapi: { method: 'GET', path: '/openapi.json', token: false },
  docs: { method: 'GET', path: '/docs', token: false },
  docsStyle: { method: 'GET', path: '/docs/style.css', token: false },
} as const satisfies Record<string, { method: 'GET' | 'POST'; path: `/${string}`; token: boolean | 'local' }>;

export type RouteName = keyof typeof ROUTES;
