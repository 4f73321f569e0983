import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Hono } from 'hono';
import type { AppEnv } from './dependencies.ts';

/** A server that listens. */
export interface Listening {
  /** Where it can be reached: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more connections; resolves when the requests under way are answered, or cut off after 21 s. */
  readonly close: () => Promise<void>;
}

/** node:http's own bounds, in milliseconds (its defaults are 300 s, 60 s): a slow client holds no connection for long. */
const HTTP_LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000 } as const;

/** Longer than any answer takes; a client that has not sent its request by then is cut off. */
const DRAIN_MS = 21_000;

/**
 * Starts to listen.
 *
 * @throws SwipenetError `port_taken`, or `bind_refused` where the machine has no such address or allows no such port.
 */
export async function listen(app: Hono<AppEnv>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: HTTP_LIMITS });
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
    close: async () => {
      const cutOff = setTimeout(() => (server as Server).closeAllConnections(), DRAIN_MS);
      await new Promise((closed) => server.close(closed));
      clearTimeout(cutOff);
    },
  };
}
