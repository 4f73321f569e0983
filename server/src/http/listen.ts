import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { CommandError } from '../command-error.ts';
import type { AppEnv } from './dependencies.ts';
import { drainable } from './drain.ts';
import type { Tls } from './tls.ts';

/** A listening server. */
export interface Listening {
  /** The server's address: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** The address that works on this machine. It is a loopback address if the server listens on all addresses. */
  readonly localUrl: string;
  /** Uses another certificate for new connections. Only works if the server was started with one. */
  readonly useTls: (tls: Tls) => void;
  /** Accepts no more connections, and resolves when the requests that have arrived are answered (see drain.ts). */
  readonly close: () => Promise<void>;
}

/** Connection limits, so that slow clients don't hold connections for long. */
export interface HttpLimits {
  /** Milliseconds for a whole request including its body (node:http: 300 s). */
  readonly requestTimeout: number;
  /** Milliseconds for the headers, from the start of the connection (node:http: 60 s). */
  readonly headersTimeout: number;
  /** How often these two are checked (node:http: 30 s, which would turn 10 s into up to 40). */
  readonly connectionsCheckingInterval: number;
  /** Milliseconds after which an idle connection closes. */
  readonly keepAliveTimeout: number;
  /** Extra milliseconds before closing, in case a request is already on its way. */
  readonly keepAliveTimeoutBuffer: number;
  /**
   * Milliseconds after which a connection without any data closes, for example if the client doesn't read the response.
   * Longer than any response takes.
   */
  readonly timeout: number;
  /**
   * The maximum number of connections. Each costs memory before it has sent a token. Any more are closed immediately.
   */
  readonly maxConnections: number;
  /** The maximum number of requests per connection, so that a client can't queue thousands in a single write. */
  readonly maxRequestsPerSocket: number;
}

export const HTTP_LIMITS: HttpLimits = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  keepAliveTimeoutBuffer: 1_000,
  timeout: 60_000,
  maxConnections: 2_048,
  maxRequestsPerSocket: 100,
};

/**
 * Starts listening, with TLS if a certificate is passed.
 *
 * @throws CommandError `port_taken`, or `bind_refused` if the machine doesn't have this address or doesn't allow this
 *   port.
 */
export async function listen(
  app: Hono<AppEnv>,
  host: string,
  port: number,
  { tls, limits = HTTP_LIMITS }: { readonly tls?: Tls | undefined; readonly limits?: HttpLimits } = {},
): Promise<Listening> {
  const { timeout, maxConnections, maxRequestsPerSocket, ...serverOptions } = limits;
  const server = createAdaptorServer(
    tls
      ? {
          fetch: app.fetch,
          createServer: createTlsServer,
          // A half-open handshake is a slow client too (node:tls: 120 s).
          serverOptions: { ...serverOptions, cert: tls.cert, key: tls.key, handshakeTimeout: limits.headersTimeout },
        }
      : { fetch: app.fetch, createServer, serverOptions },
  ) as Server;
  server.maxConnections = maxConnections;
  limitRequests(server, maxRequestsPerSocket);
  server.timeout = timeout;
  const close = drainable(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    reject(
      cause.code === 'EADDRINUSE'
        ? new CommandError(
            'port_taken',
            `port ${port} on ${host} is already in use; stop the other program or pass --port`,
            { cause },
          )
        : new CommandError('bind_refused', `cannot listen on ${host} port ${port} (${cause.code})`, { cause }),
    );
  });
  server.listen(port, host, resolve);
  await promise;
  const { address, port: actualPort } = server.address() as AddressInfo;
  const urlOf = (name: string) =>
    `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${actualPort}`;
  const useTls = ({ cert, key }: Tls) => (server as TlsServer).setSecureContext({ cert, key });
  return { url: urlOf(host), localUrl: urlOf(LOOPBACK_OF[address] ?? address), useTls, close };
}

/**
 * Closes each connection after its last allowed request is answered. Node alone would tell the client to close it, and
 * answer everything else that is queued on it with 503.
 */
function limitRequests(server: Server, max: number): void {
  server.maxRequestsPerSocket = max; // the handler gets no more
  const counts = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }, response) => {
    const count = (counts.get(socket) ?? 0) + 1;
    counts.set(socket, count);
    if (count >= max) response.setHeader('Connection', 'close');
  });
}

/** The loopback address for an address that means all addresses. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
