import { ARTICLE_RULE, withThreshold } from '@swipenet/shared/decision.ts';
import type { ModelsState, OWN_REQUESTS } from '../../own-messages.ts';
import { readSettings, replaceSettings } from '../../storage/settings.ts';
import { modelNameOf, withThresholdOf } from '../../storage/thresholds.ts';
import { withAdvice } from '../server/advice.ts';
import { ApiClient } from '../server/api-client.ts';
import { chosenThreshold } from '../server/model-threshold.ts';
import { orProblem, ProblemError } from '../server/problem.ts';
import type { Handlers, WorkerParts } from './handlers.ts';

type ModelKind = 'models' | 'modelActivate' | 'setThreshold';

/** Returns the handlers of the requests about the server's models and their thresholds. */
export function modelHandlers({ world, gate }: WorkerParts): Handlers<Pick<typeof OWN_REQUESTS, ModelKind>, undefined> {
  return {
    models: async () => {
      const { server } = await readSettings();
      const reading = readModels(new ApiClient(server, world));
      return await orProblem(withAdvice(server.address, reading), 'listing the models');
    },
    modelActivate: async ({ id }) => {
      const { server } = await readSettings();
      const activating = new ApiClient(server, world).activateModel(id);
      const answer = await orProblem(withAdvice(server.address, activating), 'activating a model').finally(() =>
        gate.forget(),
      );
      return 'problem' in answer ? answer : { model: modelNameOf(answer).model };
    },
    setThreshold: async ({ name, threshold }) => {
      await replaceSettings((before) => ({
        ...before,
        thresholds: withThresholdOf(before.thresholds, name, threshold),
      }));
      return null;
    },
  };
}

/** Returns what the options show of the server's models. An older server can't list them, but tells the one in use. */
async function readModels(client: ApiClient): Promise<ModelsState> {
  const served = await client.model();
  const { id, threshold, rule = withThreshold(ARTICLE_RULE, threshold) } = served;
  const name = modelNameOf(served);
  const current = {
    ...{ name, threshold, rule },
    forms: [...new Set([id, name.model])],
    chosen: await chosenThreshold(await readSettings(), served),
  };
  const listed = await client.models().catch((error: unknown) => {
    if (error instanceof ProblemError && error.code === 'route_unknown') return undefined;
    throw error;
  });
  if (!listed) return { current, models: [{ id: name.model, isDamaged: false }], change: 'server_older' };
  // The server chooses the form by itself, so an int8 form is offered only if its parent is gone.
  const usable = listed.models.filter(({ isDamaged }) => !isDamaged).map((model) => model.id);
  const models = listed.models
    .filter(({ parent }) => parent === null || !usable.includes(parent))
    .map((model) => ({ id: model.id, isDamaged: model.isDamaged }));
  return { current, models, change: listed.change };
}
