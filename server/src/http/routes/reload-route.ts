import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { reloadRequestSchema } from '@swipenet/shared/contract/model.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../dependencies.ts';
import { readJson } from '../form/json-body.ts';

/**
 * `POST /v1/model`: switches to another model, or reloads the current one from disk. Responds like `GET /v1/model` once
 * the model is in use. This may take minutes, during which no data moves on the connection.
 *
 * @throws SwipenetError `body_malformed`, `reload_failed`.
 */
export function reloadRoute({ served, reload }: Pick<AppDependencies, 'served' | 'reload'>) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = reloadRequestSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"id": "MODEL"}');
    const { id } = request.data;
    const model = await waitForSwitch(context, () => reload(id), { id, served });
    return context.json(model.answer);
  };
}

/**
 * Waits for a switch to another model, however long it takes. A switch has its own time limits
 * (inference/child-engine.ts), which are longer than that of an idle connection. The limit applies again to the
 * connection's next request.
 *
 * @throws SwipenetError `reload_failed` with the reason why the server couldn't switch.
 */
export async function waitForSwitch<Result>(
  context: Context<AppEnv>,
  work: () => Promise<Result>,
  { id, served }: { readonly id: string } & Pick<AppDependencies, 'served'>,
): Promise<Result> {
  waitWithoutLimit(context);
  return work().catch((cause: unknown) => {
    throw refusal(cause, id, served().answer.id);
  });
}

/** Lets a response take as long as it does. The limit applies again to the connection's next request. */
export function waitWithoutLimit(context: Context<AppEnv>): void {
  context.env?.incoming?.socket.setTimeout(0);
}

/** Builds the error for a failed switch. Errors of the server itself (`shutting_down`, bugs) stay as they are. */
function refusal(cause: unknown, id: string, currentId: string): unknown {
  if (!(cause instanceof SwipenetError) || cause.code === 'shutting_down' || cause.code.startsWith('taste_'))
    return cause;
  // Messages that name folders aren't used, because a paired device sees this one, too.
  const withoutFolders: Readonly<Record<string, string>> = {
    model_missing: `no model has the ID ${id}, or its files are incomplete`,
    home_unusable: 'the server can’t write to its home folder',
  };
  const why = withoutFolders[cause.code] ?? cause.message;
  return new SwipenetError('reload_failed', `${why} (${cause.code}); still using ${currentId}`, { cause });
}
