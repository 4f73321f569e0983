import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import {
  EXPORT_FORMATS,
  type ModelChanged,
  modelImportSchema,
  type StudioModels,
} from '@swipenet/shared/contract/studio/models.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { NOT_STORED } from '../not-stored.ts';
import { waitForSwitch } from '../reload-route.ts';

/** Responds to a change, after all pages have heard of it. */
async function changed(context: Context<AppEnv>, { events }: AppDependencies['studio'], id: string): Promise<Response> {
  await events.refresh('models');
  return context.json({ id } satisfies ModelChanged, 200, NOT_STORED);
}

/** `GET /v1/studio/models`: lists the models. Throws CommandError `active_model_invalid`. */
export function studioModelsRoute({ studio: { models } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ models: await models.list() } satisfies StudioModels, 200, NOT_STORED);
}

/**
 * `POST /v1/studio/models/:model/activate`: makes a model the active one, and responds once the server uses it. Throws
 * SwipenetError `reload_failed`.
 */
export function studioModelActivateRoute({ studio, served }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const id = context.req.param('model')!;
    await waitForSwitch(context, () => studio.models.activate(id), { id, served });
    return changed(context, studio, id);
  };
}

/** `DELETE /v1/studio/models/:model`: deletes a model. Throws CommandError, as `models remove` does. */
export function studioModelDeleteRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const id = context.req.param('model')!;
    await studio.models.remove(id);
    return changed(context, studio, id);
  };
}

/** `GET /v1/studio/models/:model/export?file=onnx`: returns the model's file. Throws SwipenetError `query_invalid`. */
export function studioModelExportRoute({ studio: { models } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const file = EXPORT_FORMATS.find((known) => known === context.req.query('file'));
    if (!file) throw new SwipenetError('query_invalid', `file must be ${EXPORT_FORMATS.join(' or ')}`);
    const bytes = await models.exported(context.req.param('model')!, file);
    const headers = { 'Content-Type': 'application/octet-stream', ...NOT_STORED };
    return context.body(bytes as Uint8Array<ArrayBuffer>, 200, headers);
  };
}

/**
 * `POST /v1/studio/models?id=mine&file=onnx`: imports a model, whose file is the body. Throws SwipenetError
 * `query_invalid`, and what a body throws; CommandError, as `models import` does.
 */
export function studioModelImportRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const query = modelImportSchema.safeParse(context.req.query());
    if (!query.success)
      throw new SwipenetError('query_invalid', `the query needs an id, and file=${EXPORT_FORMATS[0]}`);
    return changed(context, studio, await studio.models.import(query.data, context.get('body')));
  };
}
