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
import { readToken } from '../home/token.ts';

/** An answer that takes longer is none, unless more time is given. */
const TIMEOUT_MS = 10_000;

/**
 * Asks the server that runs with this home folder, the first of several.
 *
 * @throws CommandError `server_unreachable` where none runs; what {@link askRunningServer} throws.
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
    throw new CommandError('server_unreachable', `no server runs with the home ${home}; npm start starts one`);
  return { answer: await askRunningServer(home, server, route, answerSchema, body, timeoutMs), server };
}

/**
 * Asks a server that runs with this home folder, with its local token. Its certificate is the very one that the server
 * left word of, whoever signed it and for whatever name.
 *
 * @param body sent as JSON, where there is one.
 * @param timeoutMs for which nothing may move.
 * @throws CommandError `server_unreachable` where it does not answer, `server_refused` where what answers is an
 *   error, whose message and code it says, or no answer of this contract.
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
    const why = cause instanceof Error ? cause.message : 'for no reason given';
    throw new CommandError('server_unreachable', `the server on ${server.url} does not answer: ${why}`, { cause });
  });
  const said: unknown = await json(response).catch(() => undefined);
  const parsed = response.statusCode === 200 ? answerSchema.safeParse(said) : undefined;
  if (parsed?.success) return parsed.data;
  const error = errorEnvelopeSchema.safeParse(said).data?.error;
  const why = error ? `${error.message} (${error.code})` : `it answered ${response.statusCode} with what is no answer`;
  throw new CommandError('server_refused', `the server on ${server.url} refused: ${why}`);
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
      : // Nobody need have signed it: it is compared, below, before a byte of the request leaves.
        httpsRequest(target, { ...options, rejectUnauthorized: false }, resolve);
  sending.on('error', reject).on('timeout', () => sending.destroy(new Error('it takes too long')));
  const end = () => sending.end(body === undefined ? undefined : JSON.stringify(body));
  if (certificate === null) end();
  else {
    sending.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
        if (fingerprint256 === certificate) end();
        else sending.destroy(new Error('another certificate than the server’s is shown there'));
      }),
    );
  }
  return promise;
}
