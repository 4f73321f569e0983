import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCodeOf, type ErrorEnvelope, errorDefinition } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { CONTRACT_VERSION, ROUTES } from '@swipenet/shared/contract/routes.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { type Random, seededRandom } from '@swipenet/shared/random.ts';
import type { FakeSwipeServer } from '../support/fake-swipe-server.ts';
import { type ReceivedScore, readScore, scoreAnswer } from './stub-score.ts';
import { wallMs } from './tinder/record.ts';

/** How a stub scorer is to be. */
export interface ScorerOptions {
  readonly token?: string;
  /** How its model decides, the article's by default. */
  readonly rule?: DecisionRule;
  /** How long an answer takes, in milliseconds. */
  readonly delayMs?: number;
  /** How many of the score requests, from 0 to 1, are refused with a 503. */
  readonly busyRate?: number;
  readonly seed?: number;
  /** Told of each score request as it comes, by the profiles in its photos' marks. */
  readonly onScore?: (profiles: readonly string[]) => void;
  /** Keeps the swipes. Without it, there are no routes of swipes. */
  readonly swipes?: FakeSwipeServer;
}

type StubOptions = Required<Omit<ScorerOptions, 'swipes'>> & { readonly swipes: FakeSwipeServer | undefined };

/** One score request, as it came. */
export interface ScoreRecord extends Omit<ReceivedScore, 'marks' | 'threshold'> {
  /** Of the profile in each photo's mark, without repeats; more than one is a mix-up. */
  readonly profiles: readonly string[];
  /** Of the photo in each mark, in order; undefined for a photo that carries none. */
  readonly photos: readonly (string | undefined)[];
  /** The width that each photo was asked for in. */
  readonly widths: readonly (number | undefined)[];
  /** The threshold that it named. */
  readonly threshold: number | undefined;
  readonly query: string;
  readonly headerNames: readonly string[];
  /** The score's ID for a label. Undefined if this profile isn't learned from. */
  readonly scoreId: string | undefined;
  /** The status of the answer, and when it was given (wall time). */
  readonly answered: number;
  readonly atMs: number;
}

/** The server's contract, answered from the truth that the twin wrote into its photos: nothing is decoded or computed. */
export class StubScorer {
  readonly token: string;
  /** Every score request that had the token, in order. */
  readonly scores: ScoreRecord[] = [];
  /** Every request to anything else, and every one without the token: method, path and status. */
  readonly others: { readonly method: string; readonly path: string; readonly answered: number }[] = [];
  readonly #options: StubOptions;
  readonly #random: Random;
  #server: Server | undefined;
  #port = 0;
  #asked = 0;

  private constructor(options: StubOptions) {
    this.#options = options;
    this.token = options.token;
    this.#random = seededRandom(options.seed);
  }

  /** Starts one on a free port of the loopback. */
  static async start({
    token = 'the-token-of-the-stub',
    rule = ARTICLE_RULE,
    delayMs = 0,
    busyRate = 0,
    seed = 1,
    onScore = () => {},
    swipes,
  }: ScorerOptions = {}): Promise<StubScorer> {
    const scorer = new StubScorer({ token, rule, delayMs, busyRate, seed, onScore, swipes });
    await scorer.startAgain();
    return scorer;
  }

  /** Where it listens; the same after a restart. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it, on the port that it had before. */
  async startAgain(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        console.error(error);
        refuse(response, 'body_malformed');
      });
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Stops it, connections included; it can be started again. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', this.url);
    const is = ({ method, path }: { method: string; path: string }) => request.method === method && pathname === path;
    const allowed = request.headers.authorization === `Bearer ${this.token}`;
    if (allowed && is(ROUTES.score)) return this.#score(request, search, response);
    const other = (answered: number) => this.others.push({ method: request.method!, path: pathname, answered });
    const { swipes } = this.#options;
    if (allowed && swipes && pathname.startsWith(ROUTES.swipes.path)) {
      await passOn(request, swipes, response);
    } else if (allowed && is(ROUTES.model)) {
      other(200);
      send(response, 200, this.#model());
    } else if (is(ROUTES.health)) {
      other(200);
      send(response, 200, { status: 'ok' });
    } else {
      const known = is(ROUTES.model) || is(ROUTES.score);
      const code = !known ? 'route_unknown' : request.headers.authorization ? 'token_invalid' : 'token_missing';
      other(refuse(response, code));
    }
  }

  async #score(request: IncomingMessage, query: string, response: ServerResponse): Promise<void> {
    const { delayMs, busyRate, rule, swipes } = this.#options;
    const busy = this.#random() < busyRate; // drawn as requests come, so that the same run fares the same
    const received = await asRequest(request, this.url).then(readScore, () => undefined); // taken back by who asked
    if (!received) return;
    const { marks, ...said } = received;
    const requestId = `stub-${this.#asked}`;
    this.#asked += 1;
    const profiles = [...new Set(marks.flatMap((mark) => (mark ? [mark.profile] : [])))];
    this.#options.onScore(profiles);
    if (delayMs > 0) await delay(delayMs);
    const answered = busy
      ? refuse(response, 'queue_full')
      : received.extraFields.length > 0
        ? refuse(response, 'field_unknown')
        : send(response, 200, scoreAnswer(received, rule, requestId, query.includes('evidence=1')));
    const scoreId = answered === 200 && received.learn ? requestId : undefined;
    if (scoreId !== undefined) swipes?.scores.add(scoreId);
    this.scores.push({
      ...said,
      profiles,
      photos: marks.map((mark) => mark?.photo),
      widths: marks.map((mark) => mark?.width),
      scoreId,
      query,
      headerNames: Object.keys(request.headers),
      answered,
      atMs: wallMs(),
    });
  }

  #model(): ModelAnswer {
    return {
      contract: CONTRACT_VERSION,
      id: 'stub',
      architecture: 'none',
      classes: ['NOPE', 'LIKE'],
      sha256: '0'.repeat(64),
      threshold: this.#options.rule.threshold,
      rule: this.#options.rule,
      device: {
        name: 'cpu',
        executionProvider: 'CPUExecutionProvider',
        reason: 'it computes nothing',
        engines: 1,
        threadsPerEngine: 1,
      },
    };
  }
}

/** What came over node's server as the platform's own request, whose strict parser reads the form. */
async function asRequest(request: IncomingMessage, base: string): Promise<Request> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Request(base, { method: 'POST', headers, body: await buffer(request) });
}

/** Passes a request for swipes on. What throws there never arrives, or loses its answer. */
async function passOn(request: IncomingMessage, { fetch }: FakeSwipeServer, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request;
  const body = await text(request).catch(() => undefined);
  if (body === undefined) return; // taken back by who asked
  const answer = await fetch(new URL(url, 'http://stub'), { method, ...(body && { body }) }).catch(() => undefined);
  if (!answer) return void response.destroy();
  send(response, answer.status, (await answer.json()) as object);
}

function refuse(response: ServerResponse, code: ErrorCodeOf<'request' | 'server'>): number {
  const { status = 500, retryAfterS } = errorDefinition(code);
  if (retryAfterS !== undefined) response.setHeader('Retry-After', retryAfterS);
  const envelope: ErrorEnvelope = { error: { code, message: `the stub says ${code}`, requestId: 'stub' } };
  return send(response, status, envelope);
}

function send(response: ServerResponse, status: number, answer: object): number {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  return status;
}
