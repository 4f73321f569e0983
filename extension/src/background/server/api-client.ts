import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { type ModelAnswer, modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { type PairAnswer, type PairRequest, pairAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { CONTRACT_VERSION, ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { type Priority, type ScoreAnswer, scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import * as z from 'zod/mini';
import { ProblemError } from './problem.ts';

/** The browser ends a worker whose answer takes 30 s; the server gives up after 20 s by itself. */
const TIMEOUT_MS = { model: 5_000, pair: 5_000, score: 25_000 } as const;

/** What the client needs of the world. */
export interface ApiWorld {
  readonly fetch: typeof fetch;
  readonly deadline: (ms: number) => AbortSignal;
}

/** What a score request says beside its photos. */
export interface ScoreRequest {
  readonly photos: readonly Uint8Array<ArrayBuffer>[];
  readonly photoCount: number;
  /** 0 to 1; null: the server's own. */
  readonly threshold: number | null;
  readonly priority: Priority;
}

/** The server's side of the contract, every answer parsed. All its failures are {@link ProblemError}s. */
export class ApiClient {
  readonly #server: { readonly address: string; readonly token: string };
  readonly #world: ApiWorld;

  constructor(server: { readonly address: string; readonly token: string }, world: ApiWorld) {
    this.#server = server;
    this.#world = world;
  }

  /**
   * Who answers there; refuses a server of another contract version, and says which side to update.
   * Ends with the reason of the signal that is given, as every request does.
   */
  async model(given?: AbortSignal): Promise<ModelAnswer> {
    const answer = await this.#request('model', { given });
    const contract = z.object({ contract: z.int() }).safeParse(answer).data?.contract;
    if (contract !== undefined && contract !== CONTRACT_VERSION) {
      throw new ProblemError(contract < CONTRACT_VERSION ? 'server_older' : 'extension_older');
    }
    return parseAnswer(modelAnswerSchema, answer);
  }

  /** Photos' bytes to confidences and decision. */
  async score({ photos, photoCount, threshold, priority }: ScoreRequest, given?: AbortSignal): Promise<ScoreAnswer> {
    const body = new FormData();
    for (const bytes of photos) body.append('photo', new Blob([bytes]), 'photo');
    body.set('photoCount', String(photoCount));
    body.set('priority', priority);
    if (threshold !== null) body.set('threshold', String(threshold));
    return parseAnswer(scoreAnswerSchema, await this.#request('score', { body, given }));
  }

  /**
   * A one-time code to a token of this browser's own, for which none is needed yet. A code that does not count is a
   * problem with the server's word `pairing_code_invalid`; a server that knows no pairing is an older one.
   */
  async pair(request: PairRequest): Promise<PairAnswer> {
    const answering = this.#request('pair', { body: JSON.stringify(request) });
    const answer = await answering.catch((error: unknown) => {
      const unknown = error instanceof ProblemError && error.code === 'route_unknown';
      throw unknown ? new ProblemError('server_older', { cause: error }) : error;
    });
    return parseAnswer(pairAnswerSchema, answer);
  }

  async #request(
    route: RouteName & keyof typeof TIMEOUT_MS,
    { body, given }: { body?: FormData | string; given?: AbortSignal | undefined },
  ): Promise<unknown> {
    given?.throwIfAborted();
    const { address, token } = this.#server;
    const { method, path, token: needsToken } = ROUTES[route];
    if (needsToken && !token) throw new ProblemError('token_missing');
    const deadline = this.#world.deadline(TIMEOUT_MS[route]);
    const signal = given ? AbortSignal.any([deadline, given]) : deadline;
    try {
      const response = await this.#world.fetch(`${address}${path}`, {
        method,
        headers: {
          ...(needsToken && { Authorization: `Bearer ${token}` }),
          ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
        },
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error', // the token belongs to this server alone
        signal,
        ...(body && { body }),
      });
      if (!response.ok) throw await refusal(response);
      return await response.json().catch((cause: unknown) => {
        if (signal.aborted) throw cause;
        throw new ProblemError('server_unknown', { cause });
      });
    } catch (cause) {
      given?.throwIfAborted();
      if (cause instanceof ProblemError) throw cause;
      throw new ProblemError(signal.aborted ? 'server_slow' : 'server_unreachable', { cause });
    }
  }
}

function parseAnswer<Output>(schema: z.ZodMiniType<Output>, answer: unknown): Output {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ProblemError('server_unknown', { cause: parsed.error });
}

/** What an answer that is no success means. */
async function refusal(response: Response): Promise<ProblemError> {
  const envelope = errorEnvelopeSchema.safeParse(await response.json().catch(() => undefined)).data;
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retry = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 60) * 1_000 } : {};
  const detail = envelope ? { detail: envelope.error.message, code: envelope.error.code } : {};
  if (response.status === 401) return new ProblemError('token_wrong');
  if (response.status === 503 || response.status === 429)
    return new ProblemError('server_busy', { ...detail, ...retry });
  if (!envelope) return new ProblemError('server_unknown');
  return new ProblemError(response.status >= 500 ? 'server_failed' : 'server_refused', detail);
}
