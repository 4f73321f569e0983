import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  type EvaluationAnswer,
  type EvaluationChanged,
  evaluationRequestSchema,
  type StudioEvaluations,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { readJson } from '../../form/json-body.ts';
import { NOT_STORED } from '../not-stored.ts';

/** `GET /v1/studio/evaluations`: lists the evaluations. */
export function studioEvaluationsRoute({ studio: { evaluations } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ evaluations: await evaluations.list() } satisfies StudioEvaluations, 200, NOT_STORED);
}

/**
 * `POST /v1/studio/evaluations`: starts an evaluation. Throws SwipenetError `body_malformed`, and what a body throws;
 * `studio_unknown`; CommandError, as the desk does.
 */
export function studioEvaluationStartRoute({ studio: { evaluations } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = evaluationRequestSchema.safeParse(await readJson(context));
    if (!request.success) {
      throw new SwipenetError(
        'body_malformed',
        'the body must be JSON: {"model": "…", "dataset": "…", "part": "test"}',
      );
    }
    const id = await evaluations.start(request.data);
    return context.json({ id } satisfies EvaluationChanged, 200, NOT_STORED);
  };
}

/** `GET /v1/studio/evaluations/:evaluation`: returns the figures of one. Throws SwipenetError `studio_unknown`. */
export function studioEvaluationRoute({ studio: { evaluations } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json((await evaluations.get(idIn(context))) satisfies EvaluationAnswer, 200, NOT_STORED);
}

/** `GET /v1/studio/evaluations/:evaluation/scores`: returns the scores of one. Throws SwipenetError `studio_unknown`. */
export function studioEvaluationScoresRoute({ studio: { evaluations } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const bytes = await evaluations.scores(idIn(context));
    const headers = { 'Content-Type': 'application/octet-stream', ...NOT_STORED };
    return context.body(bytes as Uint8Array<ArrayBuffer>, 200, headers);
  };
}

/**
 * `DELETE /v1/studio/evaluations/:evaluation`: deletes or cancels one. Throws SwipenetError `studio_unknown`;
 * CommandError `home_unusable`.
 */
export function studioEvaluationDeleteRoute({ studio: { evaluations } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const id = idIn(context);
    await evaluations.remove(id);
    return context.json({ id } satisfies EvaluationChanged, 200, NOT_STORED);
  };
}

const idIn = (context: Context<AppEnv>) => context.req.param('evaluation')!;
