import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { CommandError } from '../command-error.ts';
import type { AppEnv } from './dependencies.ts';
import { drainable } from './drain.ts';
import type { Tls } from './tls.ts';

/** A server that listens. */
export interface Listening {
  /** Where it can be reached: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Where its own machine reaches it: by an address, and by loopback's where it listens on all of them. */
  readonly localUrl: string;
  /** Shows another certificate to whoever connects from now on; only where it was started with one. */
  readonly useTls: (tls: Tls) => void;
  /** Takes no more connections; resolves when the requests that had come are answered, see drain.ts. */
  readonly close: () => Promise<void>;
}

/** Bounds of connections: a slow client holds none for long, and many hold not too many. */
export interface HttpLimits {
  /** A whole request, with its body, has to come within this many milliseconds (node:http: 300 s). */
  readonly requestTimeout: number;
  /** Its headers within this, counted from the connection's first moment (node:http: 60 s). */
  readonly headersTimeout: number;
  /** How often those two are looked at (node:http: 30 s, so that 10 s would mean up to 40). */
  readonly connectionsCheckingInterval: number;
  /** A connection that asks nothing more ends after this. */
  readonly keepAliveTimeout: number;
  /** And this much later than it was told, lest a request crosses the end. */
  readonly keepAliveTimeoutBuffer: number;
  /** One on which nothing moves at all, as with a client that takes no answer; longer than any answer takes. */
  readonly timeout: number;
  /** Connections at once; each costs memory before it has shown a token. One more is closed at once. */
  readonly maxConnections: number;
}

/** See {@link HttpLimits}. */
export const HTTP_LIMITS: HttpLimits = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  keepAliveTimeoutBuffer: 1_000,
  timeout: 60_000,
  maxConnections: 2_048,
};

/**
 * Starts to listen; with TLS where a certificate is given.
 *
 * @throws CommandError `port_taken`, or `bind_refused` where the machine has no such address or allows no such port.
 */
export async function listen(
  app: Hono<AppEnv>,
  host: string,
  port: number,
  { tls, limits = HTTP_LIMITS }: { readonly tls?: Tls | undefined; readonly limits?: HttpLimits } = {},
): Promise<Listening> {
  const { timeout, maxConnections, ...serverOptions } = limits;
  const server = createAdaptorServer(
    tls
      ? {
          fetch: app.fetch,
          createServer: createTlsServer,
          // Half-open handshakes are slow clients, too (node:tls: 120 s).
          serverOptions: { ...serverOptions, cert: tls.cert, key: tls.key, handshakeTimeout: limits.headersTimeout },
        }
      : { fetch: app.fetch, createServer, serverOptions },
  ) as Server;
  server.maxConnections = maxConnections;
  server.timeout = timeout;
  const close = drainable(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    reject(
      cause.code === 'EADDRINUSE'
        ? new CommandError('port_taken', `port ${port} on ${host} is taken; --port chooses another`, { cause })
        : new CommandError('bind_refused', `${host} port ${port} cannot be listened on (${cause.code})`, { cause }),
    );
  });
  server.listen(port, host, resolve);
  await promise;
  const { address, port: taken } = server.address() as AddressInfo;
  const urlOf = (name: string) => `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${taken}`;
  const useTls = ({ cert, key }: Tls) => (server as TlsServer).setSecureContext({ cert, key });
  return { url: urlOf(host), localUrl: urlOf(LOOPBACK_OF[address] ?? address), useTls, close };
}

/** Loopback's address for an address that means all of a machine's. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
