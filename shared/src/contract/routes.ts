/**
 * The version of what server and extension say to each other. It grows by one with every change that an older side
 * could not take; both sides compare it and say which one to update.
 */
export const CONTRACT_VERSION = 1;

/** Where a server listens unless told otherwise. */
export const DEFAULT_PORT = 8787;

/** Every route of the server: method, path, and whether it asks for the bearer token. */
export const ROUTES = {
  score: { method: 'POST', path: '/v1/score', token: true },
  model: { method: 'GET', path: '/v1/model', token: true },
  reload: { method: 'POST', path: '/v1/model', token: true },
  health: { method: 'GET', path: '/healthz', token: false },
  ready: { method: 'GET', path: '/v2/health/ready', token: false },
} as const satisfies Record<string, { method: 'GET' | 'POST'; path: `/${string}`; token: boolean }>;

/** The name of a route. */
export type RouteName = keyof typeof ROUTES;
