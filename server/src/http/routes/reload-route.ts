import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { reloadRequestSchema } from '@swipenet/shared/contract/model.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';

/**
 * `POST /v1/model`: another model is to answer, or the same one as it now stands on disk. Answered when it does, with
 * what `GET /v1/model` then says. That may take minutes, of which the connection hears nothing.
 *
 * @throws SwipenetError `body_malformed`, `reload_failed`.
 */
export function reloadRoute({ served, reload }: Pick<AppDependencies, 'served' | 'reload'>) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = reloadRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"id": "the model’s id"}');
    const { id } = request.data;
    // An exchange has limits of its own (inference/child-engine.ts), longer than a silent connection's. The connection's
    // next request has that again.
    context.env?.incoming?.socket.setTimeout(0);
    const model = await reload(id).catch((cause: unknown) => {
      throw refusal(cause, id, served().answer.id);
    });
    return context.json(model.answer);
  };
}

/** Why a model was not taken; what is the server's own business (`shutting_down`, a mistake of ours) stays what it is. */
function refusal(cause: unknown, id: string, goesOn: string): unknown {
  if (!(cause instanceof SwipenetError) || cause.code === 'shutting_down') return cause;
  // The message of a model that is missing names the folders.
  const why = cause.code === 'model_missing' ? `there is no model ${id} with its model.onnx` : cause.message;
  return new SwipenetError('reload_failed', `${why} (${cause.code}); ${goesOn} goes on`, { cause });
}
