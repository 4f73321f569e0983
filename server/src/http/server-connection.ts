import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { proofAnswerSchema } from '@swipenet/shared/contract/proof.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { CommandError } from '../command-error.ts';
import type { RunningServer } from '../home/running-server.ts';
import { serverProof } from './server-proof.ts';

/** How long a server may take to prove itself. It only computes a hash. */
const PROOF_MS = 10_000;

/** The most bytes that are read of a proof. Whatever listens there can send as much as it likes. */
const MAX_PROOF_BYTES = 10_000;

interface Sent {
  readonly method: string;
  readonly path: string;
  /** Goes only to a server that has proven itself. */
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The time limit for inactivity on the connection. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One connection to a server of a home folder. Accepts only the certificate that the server announced. Sends a token
 * only on a connection whose other end has proven that it has the same token.
 */
export class ServerConnection implements Disposable {
  readonly #server: RunningServer;
  readonly #agent: Agent;
  #proven: Socket | undefined;

  constructor(server: RunningServer) {
    this.#server = server;
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent = server.certificate === null ? new Agent(options) : new TlsAgent(options);
  }

  /**
   * Has the server prove that it has this token. Throws CommandError `server_unproven` if it doesn't, and what the
   * system reports if it can't be reached.
   */
  async requireProof(token: string): Promise<void> {
    const nonce = randomBytes(32).toString('base64url');
    const { method, path } = ROUTES.proof;
    const response = await this.#exchange({
      method,
      path: `${path}?nonce=${nonce}`,
      timeoutMs: PROOF_MS,
      signal: AbortSignal.timeout(PROOF_MS),
    });
    const { socket } = response;
    const expected = serverProof(token, nonce, { address: socket.remoteAddress, port: socket.remotePort });
    const answer = proofAnswerSchema.safeParse(await shortJson(response)).data;
    if (!answer || !timingSafeEqual(Buffer.from(answer.proof, 'hex'), Buffer.from(expected, 'hex'))) {
      throw new CommandError(
        'server_unproven',
        `the program at ${this.#server.url} did not prove that it is the server of this home folder, so it got no token; ` +
          'check what uses this port, then restart the server',
      );
    }
    this.#proven = socket;
  }

  /** Sends a request with the token. The server must have proven itself. */
  async send(sent: Sent & { readonly token: string }): Promise<IncomingMessage> {
    if (!this.#proven) throw new Error('the server has not proven itself');
    return await this.#exchange(sent);
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #exchange({ method, path, token, body, timeoutMs, signal }: Sent): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const { url, certificate } = this.#server;
    const options = {
      method,
      agent: this.#agent,
      timeout: timeoutMs,
      ...(signal && { signal }),
      headers: {
        'Accept-Encoding': 'identity', // whatever comes instead is not decoded, so it isn't JSON
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
    };
    const target = new URL(path, url);
    const sending =
      certificate === null
        ? httpRequest(target, options, resolve)
        : // The certificate may be self-signed: it is compared below, before any byte of the request is sent.
          httpsRequest(target, { ...options, rejectUnauthorized: false }, resolve);
    const end = () => sending.end(body === undefined ? undefined : JSON.stringify(body));
    sending
      .on('error', reject)
      .on('timeout', () => sending.destroy(new Error('it took too long to respond')))
      .on('socket', (socket) => {
        // Nothing is sent before `end`. Another connection could lead to another program.
        if (this.#proven) {
          if (socket === this.#proven) end();
          else sending.destroy(new Error('it closed the connection'));
        } else if (certificate === null) end();
        else {
          socket.once('secureConnect', () => {
            const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
            if (fingerprint256 === certificate) end();
            else sending.destroy(new Error('it presented an unexpected certificate'));
          });
        }
      });
    return promise;
  }
}

/** Parses a short response as JSON. Returns undefined for anything else. */
async function shortJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_PROOF_BYTES) return undefined; // leaving the loop ends the connection
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
