import type { Removal, Removed } from '@swipenet/shared/contract/studio/removal.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { NOT_STORED } from '../not-stored.ts';

/** `GET /v1/studio/datasets/:dataset/removal`: says what deleting it would delete. Throws SwipenetError `studio_unknown`. */
export function studioDatasetRemovalRoute({ studio: { removals } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json((await removals.dataset(context.req.param('dataset')!)) satisfies Removal, 200, NOT_STORED);
}

/**
 * `DELETE /v1/studio/datasets/:dataset`: deletes a dataset, and responds after all pages have heard of it. Throws
 * SwipenetError `studio_unknown`; CommandError `dataset_busy`, `home_unusable`.
 */
export function studioDatasetDeleteRoute({ studio: { removals, events } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const removed = await removals.removeDataset(context.req.param('dataset')!);
    await events.refresh('datasets');
    return context.json(removed satisfies Removed, 200, NOT_STORED);
  };
}

/** `GET /v1/studio/runs/:run/removal`: says what deleting it would delete. Throws SwipenetError `studio_unknown`. */
export function studioRunRemovalRoute({ studio: { removals } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json((await removals.run(context.req.param('run')!)) satisfies Removal, 200, NOT_STORED);
}

/**
 * `DELETE /v1/studio/runs/:run`: deletes a run. Throws SwipenetError `studio_unknown`; CommandError `run_busy`,
 * `run_unwritable`, `home_unusable`.
 */
export function studioRunDeleteRoute({ studio: { removals, events } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const removed = await removals.removeRun(context.req.param('run')!);
    await Promise.all([events.refresh('runs'), events.refresh('datasets')]); // a run's dataset may be listed no more
    return context.json(removed satisfies Removed, 200, NOT_STORED);
  };
}
