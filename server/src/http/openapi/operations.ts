import type { ErrorCode } from '@swipenet/shared/contract/errors.ts';
import type { RouteName } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { accessOperations } from './access-operations.ts';
import {
  modelExample,
  reloadRequestExample,
  scoreExample,
  statusExample,
  swipeAnswerExample,
  swipeListExample,
  tasteExample,
} from './examples.ts';
import { oipOperations } from './oip-operations.ts';
import { json, type Operation } from './operation.ts';
import { studioOperations } from './studio-operations.ts';

/** What any use of the database of swipes can fail with. */
const STORE_CODES = ['taste_disk_full', 'taste_unavailable'] as const satisfies ErrorCode[];

/** The description of every route. A route without one doesn't compile. */
export const operations: Record<RouteName, Operation> = {
  ...accessOperations,
  score: {
    summary: 'Score the photos of a profile',
    description: [
      `Takes 1 to ${SCORE_LIMITS.maxPhotos} photos in order, and returns each photo’s confidence and the decision.`,
      'A photo that can’t be scored has an `{index, error}` instead. Send the bytes of photos, not their URLs.',
    ].join(' '),
    takes: 'photos',
    parameters: ['evidence'],
    answer: json('ScoreAnswer', scoreExample),
    codes: [
      'body_not_multipart',
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'field_unknown',
      'field_repeated',
      'threshold_invalid',
      'photo_count_invalid',
      'priority_invalid',
      'learn_invalid',
      'evidence_invalid',
      'photos_missing',
      'photos_too_many',
      'photo_too_large',
      'preparation_unknown',
      'resize_mode_changed',
      'request_aborted',
      'queue_full',
      'deadline_exceeded',
      'engine_failed',
      'not_ready',
      'shutting_down',
    ],
  },
  model: {
    summary: 'Get the current model, its precision and its device',
    answer: json('ModelAnswer', modelExample),
    codes: [],
  },
  reload: {
    summary: 'Switch to another model, or reload the current one from disk',
    description: [
      'Responds when the new model is in use, like `GET /v1/model`. Requests in progress finish with the old model.',
      'If the new model can’t be opened, the old one stays in use. The switch lasts until the server stops.',
    ].join(' '),
    takes: { schema: 'ReloadRequest', example: reloadRequestExample },
    answer: json('ModelAnswer', modelExample),
    codes: ['body_malformed', 'body_too_large', 'body_too_slow', 'request_aborted', 'reload_failed', 'shutting_down'],
  },
  swipes: {
    summary: 'Store the person’s own swipe of a profile',
    description: [
      'Takes JSON with the `scoreId` of a score with `learn=1`, or a form with the photos. With neither, nothing can be learned from it.',
      'A profile has one swipe: the same one again changes nothing, and another one replaces it.',
    ].join(' '),
    takes: 'swipe',
    parameters: ['threshold'],
    answer: json('SwipeAnswer', swipeAnswerExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'field_unknown',
      'field_repeated',
      'swipe_invalid',
      'threshold_invalid',
      'score_unknown',
      'photo_count_invalid',
      'photos_missing',
      'photos_too_many',
      'photo_too_large',
      'preparation_unknown',
      'resize_mode_changed',
      'request_aborted',
      'queue_full',
      'deadline_exceeded',
      'engine_failed',
      'shutting_down',
      ...STORE_CODES,
    ],
  },
  swipeList: {
    summary: 'List stored swipes, newest first',
    parameters: ['cursor'],
    answer: json('SwipeList', swipeListExample),
    codes: ['cursor_invalid', ...STORE_CODES],
  },
  swipeDelete: {
    summary: 'Delete a swipe and everything that came with it',
    parameters: ['id'],
    answer: json('SwipeDeleted', { deleted: 412 }),
    codes: ['swipe_unknown', 'body_too_large', ...STORE_CODES],
  },
  taste: {
    summary: 'Get what was learned from, the agreement, and the versions',
    description: 'With a `threshold`, agreement is computed again from the stored probabilities.',
    parameters: ['threshold'],
    answer: json('TasteAnswer', tasteExample),
    codes: ['threshold_invalid', ...STORE_CODES],
  },
  tasteDelete: {
    summary: 'Delete all swipes and the versions learned from them',
    description: 'If a version was active, the server goes back to the model that comes with Swipenet.',
    answer: json('TasteDeleted', { swipes: 412, versions: 10 }),
    codes: ['body_too_large', 'reload_failed', 'shutting_down', ...STORE_CODES],
  },
  tasteExport: {
    summary: 'Export all swipes with their features',
    description: 'One JSON object per line. docs/taste.md has the format.',
    answer: { type: 'application/x-ndjson' },
    codes: STORE_CODES,
  },
  tasteLearn: {
    summary: 'Start learning a version',
    description: 'Responds right away. `GET /v1/taste` has the outcome as `learning.last`.',
    answer: json('LearningStarted', { isRunning: true }),
    codes: ['body_too_large', 'taste_not_served', ...STORE_CODES],
  },
  tasteActivate: {
    summary: 'Use a version',
    description: 'Responds when the server uses it. It stays the active model after a restart.',
    takes: { schema: 'ActivateRequest', example: { version: 'taste-0012' } },
    answer: json('VersionActivated', { version: 'taste-0012' }),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'request_aborted',
      'version_unknown',
      'reload_failed',
      'taste_not_served',
      'shutting_down',
      ...STORE_CODES,
    ],
  },
  tasteRollback: {
    summary: 'Go back to the version before the active one',
    answer: json('VersionActivated', { version: 'taste-0011' }),
    codes: ['body_too_large', 'version_unknown', 'reload_failed', 'taste_not_served', 'shutting_down', ...STORE_CODES],
  },
  status: {
    summary: 'Get load, queue, engines, memory and GPUs',
    description:
      'Counters start at zero when the server starts. To get a rate, compare two responses. `swipenet status` shows both live.',
    answer: json('StatusAnswer', statusExample),
    codes: [],
  },
  ...oipOperations,
  health: { summary: 'Check that the process is running', answer: json('HealthAnswer', { status: 'ok' }), codes: [] },
  live: {
    summary: 'Check that the process is running (Open Inference Protocol v2)',
    answer: json('LiveAnswer', { live: true }),
    codes: [],
  },
  ready: {
    summary: 'Check that the server can score photos (Open Inference Protocol v2)',
    description: 'An engine is warm on the chosen device. A server set to CUDA is never ready on a CPU.',
    answer: json('ReadyAnswer', { ready: true }),
    codes: ['not_ready', 'shutting_down'],
  },
  metrics: {
    summary: 'Export metrics for Prometheus',
    description: 'Needs no token with `--metrics-open`. docs/observability.md lists the metrics.',
    answer: {
      type: 'text/plain',
      example: 'nv_inference_request_success{model="quality",version="9f86d081884c"} 5210\n',
    },
    codes: [],
  },
  start: {
    summary: 'Get the start page',
    description: 'Only if the `Accept` header has `text/html`, as that of a browser’s navigation does.',
    answer: { type: 'text/html' },
    codes: ['route_unknown'],
  },
  startStyle: { summary: 'Get the start page’s style sheet', answer: { type: 'text/css' }, codes: [] },
  startScript: { summary: 'Get the start page’s script', answer: { type: 'text/javascript' }, codes: [] },
  ...studioOperations,
  openapi: { summary: 'Get this document', answer: { type: 'application/json' }, codes: [] },
  docs: { summary: 'Get this document as a web page', answer: { type: 'text/html' }, codes: [] },
  docsStyle: { summary: 'Get the page’s style sheet', answer: { type: 'text/css' }, codes: [] },
};
