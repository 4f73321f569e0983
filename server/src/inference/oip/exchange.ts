import { type Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { Clock } from '../../clock.ts';
import { ReplicaFault } from './replica-fault.ts';

/** A request to a replica, and the limits of its response. */
export interface Exchange {
  readonly url: URL;
  readonly agent: Agent;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the exchange early. Its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * A response. An unsuccessful one is cut off at the limit, because it is only a message: MLServer's can repeat the whole
 * request (1.7.1, November 2026).
 */
export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
}

/**
 * Sends a request and reads its response. It follows no redirect, because another server could then get photos and
 * the token, and it decodes nothing (docs/known-advisories.json).
 *
 * @throws ReplicaFault `replica_unreachable`, `replica_connection_lost`, `replica_timeout`, `replica_redirects`, `replica_answer_too_large`,
 *   `replica_answer_invalid` for an encoded response; the signal's reason.
 */
export async function exchange(options: Exchange): Promise<Exchanged> {
  const { timeoutMs, clock, signal } = options;
  const ended = new AbortController();
  const late = new AbortController();
  clock.delay(timeoutMs, ended.signal).then(
    () => late.abort(new ReplicaFault('replica_timeout', `it didn’t respond within ${timeoutMs / 1000} s`)),
    () => {}, // it responded
  );
  const limits = AbortSignal.any([signal, late.signal]);
  try {
    limits.throwIfAborted();
    return await read(await send(options, limits), options.maxBytes);
  } catch (cause) {
    limits.throwIfAborted();
    if (cause instanceof ReplicaFault) throw cause;
    throw new ReplicaFault('replica_unreachable', `the connection failed: ${(cause as Error).message}`, { cause });
  } finally {
    ended.abort();
  }
}

function send({ url, agent, method, headers, body }: Exchange, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const all = {
    'Accept-Encoding': 'identity',
    'User-Agent': 'swipenet',
    'Content-Length': body?.length ?? 0,
    ...headers,
  };
  const sending = request(url, { agent, method, headers: all, signal }, resolve)
    .on('error', (cause) => {
      if (!sending.reusedSocket || !LOST.includes(systemCodeOf(cause))) return reject(cause);
      const message = 'it closed a connection that had been used before';
      reject(new ReplicaFault('replica_connection_lost', message, { cause }));
    })
    .end(body);
  return promise;
}

/** A replica may close an idle connection at the moment of its next use, or have died. Nobody can tell which. */
const LOST: readonly unknown[] = ['ECONNRESET', 'EPIPE'];

async function read(response: IncomingMessage, maxBytes: number): Promise<Exchanged> {
  const { statusCode: status = 0, headers } = response;
  const fault = objection(status, headers, maxBytes);
  if (fault) {
    response.destroy();
    throw fault;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= maxBytes) continue;
    if (status >= 400) break; // leaving the loop ends the connection
    throw tooLarge(maxBytes);
  }
  return { status, headers, bytes: Buffer.concat(chunks).subarray(0, maxBytes) };
}

/** Returns what is wrong with a response before its body is read. */
function objection(status: number, headers: IncomingHttpHeaders, maxBytes: number): ReplicaFault | undefined {
  if (status >= 300 && status < 400) {
    return new ReplicaFault('replica_redirects', `it redirects to ${headers.location ?? 'nowhere'} (${status})`);
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    return new ReplicaFault('replica_answer_invalid', `its response is encoded as ${encoding}`);
  }
  const isTooLarge = status < 400 && Number(headers['content-length'] ?? 0) > maxBytes;
  return isTooLarge ? tooLarge(maxBytes) : undefined;
}

const tooLarge = (maxBytes: number) =>
  new ReplicaFault('replica_answer_too_large', `its response is larger than ${maxBytes} bytes`);
