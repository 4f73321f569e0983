import { json } from 'node:stream/consumers';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import type * as z from 'zod/mini';
import { CommandError } from '../command-error.ts';
import { START } from '../command-form.ts';
import type { Home } from '../home/home.ts';
import { findServers, type RunningServer } from '../home/running-server.ts';
import { readToken } from '../home/secret-files.ts';
import { ServerConnection } from './server-connection.ts';

/** The default time limit for a response. */
const TIMEOUT_MS = 10_000;

/**
 * Sends a request to the running server of this home folder. If there are several, uses the one that started first.
 * Passes over programs that took over the port of a server that was killed.
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
  let unproven: CommandError | undefined;
  for (const server of await findServers(home)) {
    try {
      return { answer: await askRunningServer(home, server, route, answerSchema, body, timeoutMs), server };
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'server_unproven') throw error;
      unproven ??= error;
    }
  }
  throw (
    unproven ??
    new CommandError('server_unreachable', `no server is running with the home folder ${home}; start one with ${START}`)
  );
}

/**
 * Sends a request with the local token to a server of this home folder. First the server has to prove that it has the
 * same token, on the same connection. Accepts only the certificate that the server announced, no matter who signed it or
 * which names it has.
 *
 * @param body sent as JSON.
 * @param timeoutMs the time limit for inactivity on the connection.
 * @throws CommandError `server_unreachable` if the server doesn't respond. `server_unproven` if it isn't a server of this
 *   home folder. `server_refused` if it returns an error, with its message and code, or a response that doesn't fit the
 *   contract.
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
  try {
    using connection = new ServerConnection(server);
    await connection.requireProof(token);
    const { method, path } = ROUTES[route];
    const response = await connection.send({ method, path, token, body, timeoutMs });
    const content: unknown = await json(response).catch(() => undefined);
    const parsed = response.statusCode === 200 ? answerSchema.safeParse(content) : undefined;
    if (parsed?.success) return parsed.data;
    const error = errorEnvelopeSchema.safeParse(content).data?.error;
    const what = error
      ? `an error: ${error.message} (${error.code})`
      : `an unexpected response (status ${response.statusCode})`;
    throw new CommandError('server_refused', `the server at ${server.url} returned ${what}`);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    const why = cause instanceof Error ? cause.message : 'unknown reason';
    throw new CommandError('server_unreachable', `can’t reach the server at ${server.url}: ${why}`, { cause });
  }
}
