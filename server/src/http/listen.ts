import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Hono } from 'hono';
import type { AppEnv } from './dependencies.ts';
import { drainable } from './drain.ts';

/** A server that listens. */
export interface Listening {
  /** Where it can be reached: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more connections; resolves when the requests that had come are answered, see drain.ts. */
  readonly close: () => Promise<void>;
}

/** node:http's own bounds, in milliseconds (its defaults are 300 s, 60 s): a slow client holds no connection for long. */
const HTTP_LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000 } as const;

/** Connections at once; each costs memory before it has shown a token. */
const MAX_CONNECTIONS = 1024;

/**
 * Starts to listen.
 *
 * @throws SwipenetError `port_taken`, or `bind_refused` where the machine has no such address or allows no such port.
 */
export async function listen(app: Hono<AppEnv>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: HTTP_LIMITS }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  const close = drainable(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    reject(
      cause.code === 'EADDRINUSE'
        ? new SwipenetError('port_taken', `port ${port} on ${host} is taken; --port chooses another`, { cause })
        : new SwipenetError('bind_refused', `${host} port ${port} cannot be listened on (${cause.code})`, { cause }),
    );
  });
  server.listen(port, host, resolve);
  await promise;
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close,
  };
}
