import type { StudioModels } from '@swipenet/shared/contract/studio/models.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';

/** `GET /v1/studio/models`: lists the models. Throws CommandError `active_model_invalid`. */
export function studioModelsRoute({ studio: { models } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ models: await models.list() } satisfies StudioModels, 200, { 'Cache-Control': 'no-store' });
}
