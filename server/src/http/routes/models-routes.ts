import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type ModelChange, type ModelList, reloadRequestSchema } from '@swipenet/shared/contract/model.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';
import { LOCAL_CALLER } from '../guards/access.ts';
import { NOT_STORED } from './not-stored.ts';
import { waitForSwitch } from './reload-route.ts';

/** Why a device may not activate models, for `model_change_refused`. */
const REFUSALS: Readonly<Record<Exclude<ModelChange, 'allowed'>, string>> = {
  owner_only: 'only the server’s owner may change the model, unless the server runs with --allow-model-change',
  own_taste: 'this device has a taste of its own, but the server’s model is its owner’s',
};

/** `GET /v1/models`: lists the models that can score, and says whether the caller may activate one. */
export function modelsRoute({ studio, ...dependencies }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const listed = await studio.models.list();
    const models = listed.flatMap(({ id, isServed, about }) => {
      if ('error' in about) return [{ id, parent: null, isServed, isDamaged: true }];
      return about.canScore ? [{ id, parent: about.parent, isServed, isDamaged: false }] : [];
    });
    const answer: ModelList = { models, change: changeBy(context, dependencies) };
    return context.json(answer, 200, NOT_STORED);
  };
}

/**
 * `POST /v1/models/activate`: makes a model the active one. Responds like `GET /v1/model` once the server uses it.
 *
 * @throws SwipenetError `model_change_refused`, `body_malformed`, `reload_failed`.
 */
export function modelActivateRoute({ studio, served, ...dependencies }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const change = changeBy(context, dependencies);
    if (change !== 'allowed') throw new SwipenetError('model_change_refused', REFUSALS[change]);
    const request = reloadRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"id": "MODEL"}');
    const { id } = request.data;
    await waitForSwitch(context, () => studio.models.activate(id), { id, served });
    await studio.events.refresh('models');
    return context.json(served().answer);
  };
}

/** Whether the caller may activate models. The owner always may. */
function changeBy(
  context: Context<AppEnv>,
  { allowModelChange, taste }: Pick<AppDependencies, 'allowModelChange' | 'taste'>,
): ModelChange {
  if (context.get('caller') === LOCAL_CALLER) return 'allowed';
  if (!allowModelChange) return 'owner_only';
  return taste.isServed(context.get('taste')) ? 'allowed' : 'own_taste';
}
