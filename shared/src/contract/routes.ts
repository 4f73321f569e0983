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
  /** Needs no token, because it comes before one is sent. Answers only programs on the server's own machine. */
  proof: { method: 'GET', path: '/v1/proof', token: false },
  model: { method: 'GET', path: '/v1/model', token: true },
  reload: { method: 'POST', path: '/v1/model', token: 'local' },
  swipes: { method: 'POST', path: '/v1/swipes', token: true },
  swipeList: { method: 'GET', path: '/v1/swipes', token: true },
  swipeDelete: { method: 'DELETE', path: '/v1/swipes/:id', token: true },
  taste: { method: 'GET', path: '/v1/taste', token: true },
  tasteDelete: { method: 'DELETE', path: '/v1/taste', token: true },
  tasteExport: { method: 'GET', path: '/v1/taste/export', token: true },
  tasteLearn: { method: 'POST', path: '/v1/taste/learn', token: true },
  tasteActivate: { method: 'POST', path: '/v1/taste/activate', token: true },
  tasteRollback: { method: 'POST', path: '/v1/taste/rollback', token: true },
  status: { method: 'GET', path: '/v1/status', token: true },
  health: { method: 'GET', path: '/healthz', token: false },
  live: { method: 'GET', path: '/v2/health/live', token: false },
  ready: { method: 'GET', path: '/v2/health/ready', token: false },
  /** Needs no token if the server runs with `--metrics-open`. */
  metrics: { method: 'GET', path: '/metrics', token: true },
  openapi: { method: 'GET', path: '/openapi.json', token: false },
  docs: { method: 'GET', path: '/docs', token: false },
  docsStyle: { method: 'GET', path: '/docs/style.css', token: false },
} as const satisfies Record<
  string,
  { method: 'GET' | 'POST' | 'DELETE'; path: `/${string}`; token: boolean | 'local' }
>;

export type RouteName = keyof typeof ROUTES;
