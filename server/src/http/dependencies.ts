import type { HttpBindings } from '@hono/node-server';
import type { ErrorCode, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import type { ReceivedPhoto } from '../image/photo-bytes.ts';
import type { DescribedPhotos } from '../inference/photo-describer.ts';
import type { ScoredPhoto, ScoreOptions, Scorer } from '../inference/scorer.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { OutputName } from '../oip/tensors.ts';
import type { Studio } from '../studio/studio.ts';
import type { TasteDesk } from '../taste/taste-desk.ts';
import type { Access } from './guards/access.ts';

/** The model in use: its scorer, how it decides, and the response of `GET /v1/model`. */
export interface AnsweringModel {
  readonly scorer: Pick<Scorer, 'score' | 'infer'>;
  /** Completes scores by evidence. */
  readonly withEvidence: (
    photos: readonly ReceivedPhoto[],
    scoring: Promise<readonly ScoredPhoto[]>,
    options: ScoreOptions,
  ) => Promise<readonly ScoredPhoto[]>;
  /** With the threshold for requests that don't set one. */
  readonly rule: DecisionRule;
  /** Describes photos as a taste is learned from them, from their scores if this model can. */
  readonly describe: (
    photos: readonly ReceivedPhoto[],
    scoring: Promise<readonly ScoredPhoto[]>,
    options: ScoreOptions,
  ) => Promise<DescribedPhotos>;
  readonly answer: ModelAnswer;
  /** What it returns of each photo. */
  readonly outputs: readonly OutputName[];
}

/** A model as the Open Inference Protocol offers it. */
export interface OfferedModel extends Pick<AnsweringModel, 'outputs'> {
  readonly scorer: Pick<Scorer, 'infer'>;
  readonly answer: Pick<ModelAnswer, 'id' | 'parent' | 'sha256'>;
  readonly state: () => ServerState;
}

/** Whether photos can be scored now. */
export type ServerState = 'ready' | 'not_ready' | 'shutting_down';

/** What the routes need from the desk of tastes. */
export type TasteService = Omit<TasteDesk, 'close'>;

/** What the routes need from the studio. */
export type StudioService = Omit<Studio, 'close'>;

/** What the routes need from the rest of the server. */
export interface AppDependencies {
  /**
   * Returns the current model. The server can switch models at any time, so a request calls this once and keeps the
   * result.
   */
  readonly served: () => AnsweringModel;
  /** `base` beside the current model, for servers in front of this one that apply their own heads. */
  readonly offeredBase?: OfferedModel | undefined;
  /** Switches to another model, and resolves when it is in use. Throws the reason if it can't. */
  readonly reload: (modelId: string) => Promise<AnsweringModel>;
  /** Whose swipes are learned from, and how well the network agrees with them. */
  readonly taste: TasteService;
  /** What the studio's screens show and do. */
  readonly studio: StudioService;
  /** True if paired devices may activate models. */
  readonly allowModelChange: boolean;
  /** `ready` while an engine is warm on the chosen device and a decoder runs; `shutting_down` once the server is stopping. */
  readonly state: () => ServerState;
  /** The local bearer token. */
  readonly token: string;
  /** Who else may use the server, from where, and how often. */
  readonly access: Access;
  /** Returns a signal that aborts with a `TimeoutError` after `ms` milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
  /** Returns milliseconds since an arbitrary moment. */
  readonly now: () => number;
  /** Called for every error that is the server's fault. */
  readonly report: (error: SwipenetError, requestId: string) => void;
  readonly log: Log;
  readonly metrics: Metrics;
  /** True if `GET /metrics` needs no token. */
  readonly metricsOpen: boolean;
  /** Returns the response of `GET /v1/status`. */
  readonly status: () => Promise<StatusAnswer>;
}

/** What a request carries through the handlers. */
export interface AppEnv {
  /** The request's socket. Absent if the app is called in-process. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** Whose token the request has: the ID of a device or a session, or `local`. Set by the check of tokens and sessions. */
    caller: string;
    /** Whose taste the caller’s swipes belong to: `owner`, or the device’s own ID. Set by the token check. */
    taste: string;
    /** The request's body as it arrives, within its limits. */
    body: AsyncIterable<Uint8Array>;
    /** The error code of the response. */
    errorCode?: ErrorCode;
    /** The model that scored the request. */
    model?: Pick<ModelAnswer, 'id' | 'sha256'>;
    /** The results of that model. */
    scored?: readonly ScoredPhoto[];
  };
}
