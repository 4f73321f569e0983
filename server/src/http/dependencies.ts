import type { HttpBindings } from '@hono/node-server';
import type { ErrorCode, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { ScoredPhoto, Scorer } from '../inference/scorer.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Access } from './guards/access.ts';

/** A model that answers: its scorer, and what `GET /v1/model` says of it. */
export interface AnsweringModel {
  readonly scorer: Pick<Scorer, 'score'>;
  /** Also names the threshold for requests that name none. */
  readonly answer: ModelAnswer;
}

/** What the routes need of the rest of the server. */
export interface AppDependencies {
  /** The model that answers now. It may be exchanged at any time: a request asks once, and is answered by that one. */
  readonly served: () => AnsweringModel;
  /** Exchanges the model that answers; resolves when the new one does. Throws what made it impossible. */
  readonly reload: (modelId: string) => Promise<AnsweringModel>;
  /** `ready` while an engine is alive and warm on the device that was asked for; `shutting_down` from the drain on. */
  readonly state: () => 'ready' | 'not_ready' | 'shutting_down';
  /** This machine's own bearer token. */
  readonly token: string;
  /** Who else may ask, from where, and how often. */
  readonly access: Access;
  /** A signal that aborts after so many milliseconds, with a `TimeoutError`. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Told of every error that is the server's own fault. */
  readonly report: (error: SwipenetError, requestId: string) => void;
  readonly log: Log;
  readonly metrics: Metrics;
  /** True where `GET /metrics` asks for no token. */
  readonly metricsOpen: boolean;
  /** The answer of `GET /v1/status`, at this moment. */
  readonly status: () => Promise<StatusAnswer>;
}

/** What travels with a request through the handlers. */
export interface AppEnv {
  /** The socket's side of the request; nothing where the app is asked in-process. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** Whose token it was: a device's id, or `local`. Set behind the token. */
    caller: string;
    /** The code of the error that answered it. */
    errorCode?: ErrorCode;
    /** The model that was asked for it. */
    model?: ModelAnswer;
    /** What that model scored. */
    scored?: readonly ScoredPhoto[];
  };
}
