import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import {
  modelExample,
  pairExample,
  pairingCodeExample,
  pairRequestExample,
  reloadRequestExample,
  scoreExample,
  statusExample,
} from './examples.ts';
import type { AnswerName, BodyName } from './schemas.ts';

/** What the document says of one route. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly answer:
    | { readonly type: 'application/json'; readonly schema: AnswerName; readonly example: unknown }
    | { readonly type: string; readonly example?: string };
  /** Every error code that may answer it, besides those of who may ask and `internal`. */
  readonly codes: readonly ErrorCode[];
  /** The body that it takes: the multipart form of photos, or JSON. */
  readonly takes?: 'photos' | { readonly schema: BodyName; readonly example: unknown };
}

const json = <Name extends AnswerName>(schema: Name, example: unknown) =>
  ({ type: 'application/json', schema, example }) as const;

/** Every route of the contract, described; a route without a description does not compile. */
export const operations: Record<RouteName, Operation> = {
  score: {
    summary: 'Score the photos of a profile',
    description: [
      `1 to ${SCORE_LIMITS.maxPhotos} photos in, in order; the confidence of each and the decision out.`,
      'A photo at fault is an `{index, error}` among the others; bytes only, never URLs.',
    ].join(' '),
    takes: 'photos',
    answer: json('ScoreAnswer', scoreExample),
    codes: [
      'body_not_multipart',
      'body_malformed',
      'body_too_large',
      'field_unknown',
      'field_repeated',
      'threshold_invalid',
      'photo_count_invalid',
      'priority_invalid',
      'evidence_invalid',
      'photos_missing',
      'photos_too_many',
      'photo_too_large',
      'request_aborted',
      'queue_full',
      'deadline_exceeded',
      'engine_failed',
      'not_ready',
      'shutting_down',
    ],
  },
  pair: {
    summary: 'A one-time code becomes a device’s own token',
    description: '`swipenet pair` shows a code. The token is told this once; an `Origin` binds it to that extension.',
    takes: { schema: 'PairRequest', example: pairRequestExample },
    answer: json('PairAnswer', pairExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'request_aborted',
      'pairing_code_invalid',
      'rate_limited',
      'device_not_saved',
    ],
  },
  pairingCode: {
    summary: 'A one-time code, for who sits at the server’s machine',
    answer: json('PairingCodeAnswer', pairingCodeExample),
    codes: ['body_too_large'],
  },
  model: {
    summary: 'Which model answers, on which device, and why that one',
    answer: json('ModelAnswer', modelExample),
    codes: [],
  },
  reload: {
    summary: 'Another model is to answer, or the same one as it now stands on disk',
    description: [
      'Answered when it does, with what `GET /v1/model` then says. A request under way is answered by the model that it began with;',
      'a model that cannot be opened leaves the old one as it was. It is not kept over a restart: the server then takes the active',
      'model, or the one that it is started with.',
    ].join(' '),
    takes: { schema: 'ReloadRequest', example: reloadRequestExample },
    answer: json('ModelAnswer', modelExample),
    codes: ['body_malformed', 'body_too_large', 'request_aborted', 'reload_failed', 'shutting_down'],
  },
  status: {
    summary: 'The server at this moment: load, queue, engines, memory, GPUs',
    description:
      'What counts, counts from the start; a rate is the difference of two answers. `swipenet status` shows it.',
    answer: json('StatusAnswer', statusExample),
    codes: [],
  },
  health: { summary: 'The process answers', answer: json('HealthAnswer', { status: 'ok' }), codes: [] },
  live: {
    summary: 'The process answers (Open Inference Protocol v2)',
    answer: json('LiveAnswer', { live: true }),
    codes: [],
  },
  ready: {
    summary: 'Photos are scored now (Open Inference Protocol v2)',
    description: 'An engine is alive, warm, and on the device that was set: set to CUDA, never on a CPU.',
    answer: json('ReadyAnswer', { ready: true }),
    codes: ['not_ready', 'shutting_down'],
  },
  metrics: {
    summary: 'Counters, gauges and histograms for Prometheus',
    description: 'With `--metrics-open` no token is asked for. docs/observability.md lists the metrics.',
    answer: {
      type: 'text/plain',
      example: 'nv_inference_request_success{model="quality",version="9f86d081884c"} 5210\n',
    },
    codes: [],
  },
  openapi: { summary: 'This document', answer: { type: 'application/json' }, codes: [] },
  docs: { summary: 'This document as a page', answer: { type: 'text/html' }, codes: [] },
  docsStyle: { summary: 'The page’s style sheet', answer: { type: 'text/css' }, codes: [] },
};
