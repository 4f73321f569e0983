import type { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { Scorer } from '../inference/scorer.ts';

/** A model that answers: its scorer, and what `GET /v1/model` says of it. */
export interface ServedModel {
  readonly scorer: Pick<Scorer, 'score'>;
  /** Also names the threshold for requests that name none. */
  readonly answer: ModelAnswer;
}

/** What the routes need of the rest of the server. */
export interface AppDependencies {
  /** The model that answers now. It may be exchanged at any time: a request asks once, and is answered by that one. */
  readonly served: () => ServedModel;
  /** Exchanges the model that answers; resolves when the new one does. Throws what made it impossible. */
  readonly reload: (modelId: string) => Promise<ServedModel>;
  /** `ready` while an engine is alive and warm on the device that was asked for; `shutting_down` from the drain on. */
  readonly state: () => 'ready' | 'not_ready' | 'shutting_down';
  /** The bearer token. */
  readonly token: string;
  /** A signal that aborts after so many milliseconds, with a `TimeoutError`. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Told of every error that is the server's own fault. */
  readonly report: (error: SwipenetError, requestId: string) => void;
}

/** What travels with a request through the handlers. */
export interface AppEnv {
  Variables: { requestId: string };
}
