import {
  type ModelAnswer,
  type ModelList,
  modelAnswerSchema,
  modelListSchema,
} from '@swipenet/shared/contract/model.ts';
import {
  type PairAnswer,
  type PairAskAnswer,
  type PairAskRequest,
  type PairClaimAnswer,
  type PairClaimRequest,
  type PairRequest,
  pairAnswerSchema,
  pairAskAnswerSchema,
  pairClaimAnswerSchema,
} from '@swipenet/shared/contract/pair.ts';
import { CONTRACT_VERSION, ROUTES, type RouteName } from '@swipenet/shared/contract/routes.ts';
import { type Priority, type ScoreAnswer, scoreAnswerSchema } from '@swipenet/shared/contract/score.ts';
import {
  type SwipeAnswer,
  type SwipeRequest,
  swipeAnswerSchema,
  swipeDeletedSchema,
} from '@swipenet/shared/contract/swipes.ts';
import {
  activatedSchema,
  learningStartedSchema,
  type TasteAnswer,
  type TasteDeleted,
  tasteAnswerSchema,
  tasteDeletedSchema,
} from '@swipenet/shared/contract/taste.ts';
import * as z from 'zod/mini';
import type { PackedPhoto } from '../scoring/pack-photos.ts';
import { ProblemError } from './problem.ts';
import { refusal } from './refusal.ts';

/** The browser ends a worker that takes 30 s to answer. The server itself times out after 20 s. */
const TIMEOUT_MS = {
  model: 5_000,
  models: 5_000,
  pair: 5_000,
  pairAsk: 5_000,
  pairClaim: 5_000,
  score: 25_000,
  swipes: 10_000,
  swipeDelete: 10_000,
  taste: 10_000,
  tasteLearn: 5_000,
  // These switch models. The server completes a switch that takes longer.
  modelActivate: 25_000,
  tasteActivate: 25_000,
  tasteRollback: 25_000,
  tasteDelete: 25_000,
} as const;

/** The browser functions that the client uses. */
export interface ApiWorld {
  readonly fetch: typeof fetch;
  readonly deadline: (ms: number) => AbortSignal;
}

export interface ScoreRequest {
  readonly photos: readonly PackedPhoto[];
  readonly photoCount: number;
  /** From 0 to 1, or null for the model's threshold. */
  readonly threshold: number | null;
  readonly priority: Priority;
  /** True to have the server keep the photos' features for a swipe of this profile. */
  readonly learn: boolean;
  /** True to have each photo come with its evidence map. */
  readonly evidence?: boolean;
}

interface RequestOptions {
  readonly body?: FormData | string;
  readonly callerSignal?: AbortSignal | undefined;
  /** The ID in the path. */
  readonly id?: number;
  /** With its question mark. */
  readonly query?: string;
}

/** A query for the agreement at a threshold from 0 to 1, or at the server's own if it is null. */
const atThreshold = (threshold: number | null) => (threshold === null ? '' : `?threshold=${threshold}`);

/** Calls the server and parses its answers. Every method throws {@link ProblemError} on failure. */
export class ApiClient {
  readonly #server: { readonly address: string; readonly token: string };
  readonly #world: ApiWorld;

  constructor(server: { readonly address: string; readonly token: string }, world: ApiWorld) {
    this.#server = server;
    this.#world = world;
  }

  /**
   * Returns the server's model. If the server has another contract version, the error says which side to update. When the
   * caller's signal aborts, this and every other request rejects with the signal's reason.
   */
  async model(callerSignal?: AbortSignal): Promise<ModelAnswer> {
    const answer = await this.#request('model', { callerSignal });
    const contract = z.object({ contract: z.int() }).safeParse(answer).data?.contract;
    if (contract !== undefined && contract !== CONTRACT_VERSION) {
      throw new ProblemError(contract < CONTRACT_VERSION ? 'server_older' : 'extension_older');
    }
    return parseAnswer(modelAnswerSchema, answer);
  }

  /** Lists the server's models. The error's `code` is `route_unknown` if the server is older and can't. */
  async models(): Promise<ModelList> {
    return parseAnswer(modelListSchema, await this.#request('models'));
  }

  /** Makes the server use a model, and returns it. The error's `code` is `model_change_refused` if only the owner may. */
  async activateModel(id: string): Promise<ModelAnswer> {
    return parseAnswer(modelAnswerSchema, await this.#request('modelActivate', { body: JSON.stringify({ id }) }));
  }

  /**
   * Returns the confidences and the decision for a profile. The error's `code` is `resize_mode_changed` or
   * `preparation_unknown` if photos were prepared in another way than the server's present model needs.
   */
  async score(
    { photos, photoCount, threshold, priority, learn, evidence }: ScoreRequest,
    callerSignal?: AbortSignal,
  ): Promise<ScoreAnswer> {
    const body = new FormData();
    for (const { bytes, type } of photos) body.append('photo', new Blob([bytes], type ? { type } : {}), 'photo');
    body.set('photoCount', String(photoCount));
    body.set('priority', priority);
    if (threshold !== null) body.set('threshold', String(threshold));
    if (learn) body.set('learn', '1');
    return parseAnswer(
      scoreAnswerSchema,
      await this.#request('score', { body, callerSignal, query: evidence ? '?evidence=1' : '' }),
    );
  }

  /**
   * Exchanges a one-time code for this browser's own token. Needs no token. For an invalid code, the error's `code` is
   * `pairing_code_invalid`. A server without this route is reported as older than the extension.
   */
  async pair(request: PairRequest): Promise<PairAnswer> {
    return parseAnswer(pairAnswerSchema, await this.#requestNewer('pair', JSON.stringify(request)));
  }

  /** Asks the person on the server's start page to let this browser in. Needs no token. An older server can't. */
  async askToPair(request: PairAskRequest): Promise<PairAskAnswer> {
    return parseAnswer(pairAskAnswerSchema, await this.#requestNewer('pairAsk', JSON.stringify(request)));
  }

  /**
   * Returns what the person has decided, and this browser's own token if they allowed it. Needs no token. The error's
   * `code` is `pairing_request_unknown` if the request is too old.
   */
  async claimPairing(request: PairClaimRequest): Promise<PairClaimAnswer> {
    return parseAnswer(pairClaimAnswerSchema, await this.#request('pairClaim', { body: JSON.stringify(request) }));
  }

  /**
   * Stores the person's swipe of a profile. Sending it again changes nothing. The agreement in the answer is for this
   * threshold. The error's `code` is `score_unknown` if the server no longer has the features of the photos.
   */
  async swipe(request: SwipeRequest, threshold: number | null, callerSignal?: AbortSignal): Promise<SwipeAnswer> {
    const body = JSON.stringify(request);
    return parseAnswer(
      swipeAnswerSchema,
      await this.#request('swipes', { body, query: atThreshold(threshold), callerSignal }),
    );
  }

  /** Deletes a swipe. The error's `code` is `swipe_unknown` if the server doesn't have it. */
  async deleteSwipe(id: number, callerSignal?: AbortSignal): Promise<void> {
    parseAnswer(swipeDeletedSchema, await this.#request('swipeDelete', { id, callerSignal }));
  }

  /** Returns what was learned from, how well the model agrees with the person at this threshold, and its versions. */
  async taste(threshold: number | null): Promise<TasteAnswer> {
    return parseAnswer(tasteAnswerSchema, await this.#request('taste', { query: atThreshold(threshold) }));
  }

  /** Starts learning a version. {@link taste} has the outcome. */
  async learn(): Promise<void> {
    parseAnswer(learningStartedSchema, await this.#request('tasteLearn'));
  }

  /** Makes the server use a version, and returns its ID. */
  async activate(version: string): Promise<string> {
    const answer = await this.#request('tasteActivate', { body: JSON.stringify({ version }) });
    return parseAnswer(activatedSchema, answer).version;
  }

  /** Makes the server use the version before the active one, and returns its ID. */
  async rollback(): Promise<string> {
    return parseAnswer(activatedSchema, await this.#request('tasteRollback')).version;
  }

  /** Deletes all swipes and versions. Returns how many there were. */
  async deleteTaste(): Promise<TasteDeleted> {
    return parseAnswer(tasteDeletedSchema, await this.#request('tasteDelete'));
  }

  /** Sends a request whose route older servers don't have. */
  async #requestNewer(route: 'pair' | 'pairAsk', body: string): Promise<unknown> {
    return await this.#request(route, { body }).catch((error: unknown) => {
      const isOlder = error instanceof ProblemError && error.code === 'route_unknown';
      throw isOlder ? new ProblemError('server_older', { cause: error }) : error;
    });
  }

  async #request(
    route: RouteName & keyof typeof TIMEOUT_MS,
    { body, callerSignal, id, query = '' }: RequestOptions = {},
  ): Promise<unknown> {
    callerSignal?.throwIfAborted();
    const { address, token } = this.#server;
    const { method, path, token: needsToken } = ROUTES[route];
    if (needsToken && !token) throw new ProblemError('token_missing');
    const target = path.replace(':id', String(id)) + query;
    const deadline = this.#world.deadline(TIMEOUT_MS[route]);
    const signal = callerSignal ? AbortSignal.any([deadline, callerSignal]) : deadline;
    try {
      const response = await this.#world.fetch(`${address}${target}`, {
        method,
        headers: {
          ...(needsToken && { Authorization: `Bearer ${token}` }),
          ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
        },
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'manual', // reported and not followed: no other server may see the token
        signal,
        ...(body && { body }),
      });
      if (!response.ok) throw await refusal(response);
      return await response.json().catch((cause: unknown) => {
        if (signal.aborted) throw cause;
        throw new ProblemError('server_unknown', { cause });
      });
    } catch (cause) {
      callerSignal?.throwIfAborted();
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
