import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import type * as z from 'zod/mini';
import { CommandError } from '../command-error.ts';
import type { Home } from '../home/home.ts';
import { findServer, type RunningServer } from '../home/running-server.ts';
import { readToken } from '../home/secret-files.ts';

/** The default time limit for a response. */
const TIMEOUT_MS = 10_000;

/**
 * Sends a request to the running server of this home folder. If there are several, uses the one that started first.
 *
 * @throws CommandError `server_unreachable` if none is running; what {@link askRunningServer} throws.
 */
export async function askServer<Answer>(
  home: Home,
  route: RouteName,
  answerSchema: z.ZodMiniType<Answer>,
  body?: unknown,
  timeoutMs = TIMEOUT_MS,
): Promise<{ answer: Answer; server: RunningServer }> {
  const server = await findServer(home);
  if (!server)
    throw new CommandError(
      'server_unreachable',
      `no server is running with the home folder ${home}; start one with npm start`,
    );
  return { answer: await askRunningServer(home, server, route, answerSchema, body, timeoutMs), server };
}

/**
 * Sends a request with the local token to a server of this home folder. Accepts only the certificate that the server
 * announced, no matter who signed it or which names it has.
 *
 * @param body sent as JSON.
 * @param timeoutMs the time limit for inactivity on the connection.
 * @throws CommandError `server_unreachable` if the server doesn't respond. `server_refused` if it returns an error,
 *   with its message and code, or a response that doesn't fit the contract.
 */
export async function askRunningServer<Answer>(
  home: Home,
  server: RunningServer,
  route: RouteName,
  answerSchema: z.ZodMiniType<Answer>,
  body?: unknown,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const token = await readToken(home);
  const response = await send(server, route, { token, body, timeoutMs }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'unknown reason';
    throw new CommandError('server_unreachable', `can’t reach the server at ${server.url}: ${why}`, { cause });
  });
  const content: unknown = await json(response).catch(() => undefined);
  const parsed = response.statusCode === 200 ? answerSchema.safeParse(content) : undefined;
  if (parsed?.success) return parsed.data;
  const error = errorEnvelopeSchema.safeParse(content).data?.error;
  const what = error
    ? `an error: ${error.message} (${error.code})`
    : `an unexpected response (status ${response.statusCode})`;
  throw new CommandError('server_refused', `the server at ${server.url} returned ${what}`);
}

function send(
  { url, certificate }: RunningServer,
  route: RouteName,
  { token, body, timeoutMs }: { readonly token: string; readonly body: unknown; readonly timeoutMs: number },
) {
  const { method, path } = ROUTES[route];
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method,
    agent: false,
    timeout: timeoutMs,
    headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
  } as const;
  const target = new URL(path, url);
  const sending =
    certificate === null
      ? httpRequest(target, options, resolve)
      : // The certificate may be self-signed: it is compared below, before any byte of the request is sent.
        httpsRequest(target, { ...options, rejectUnauthorized: false }, resolve);
  sending.on('error', reject).on('timeout', () => sending.destroy(new Error('it took too long to respond')));
  const end = () => sending.end(body === undefined ? undefined : JSON.stringify(body));
  if (certificate === null) end();
  else {
    sending.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
        if (fingerprint256 === certificate) end();
        else sending.destroy(new Error('it presented an unexpected certificate'));
      }),
    );
  }
  return promise;
}
