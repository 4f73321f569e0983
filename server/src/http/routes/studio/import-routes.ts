import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ImportBegun, ImportBuilt, ImportProgress } from '@swipenet/shared/contract/studio/imports.ts';
import { newVersionSchema } from '@swipenet/shared/contract/studio/photos.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { framedFiles } from '../../form/framed-files.ts';
import { readJson } from '../../form/json-body.ts';
import { NOT_STORED } from '../not-stored.ts';
import { waitWithoutLimit } from '../reload-route.ts';

const importOf = (context: Context<AppEnv>) => context.req.param('import')!;

/** `POST /v1/studio/imports`: begins an import. Throws CommandError `home_unusable`. */
export function studioImportBeginRoute({ studio: { imports } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ id: await imports.begin() } satisfies ImportBegun, 200, NOT_STORED);
}

/**
 * `POST /v1/studio/imports/:import/files`: adds files. Throws SwipenetError `studio_unknown`, what a body throws; CommandError
 * `option_invalid`, `home_unusable`.
 */
export function studioImportFilesRoute({ studio: { imports } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    let files = 0;
    for await (const { file, bytes } of framedFiles(context.get('body'))) {
      await imports.add(importOf(context), file, bytes);
      files += 1;
    }
    return context.json({ files } satisfies ImportProgress, 200, NOT_STORED);
  };
}

/**
 * `POST /v1/studio/imports/:import/dataset`: builds a dataset from an import's files, and responds when it is done. That
 * may take minutes. If the client disconnects, nothing is left. Throws SwipenetError `body_malformed`, `studio_unknown`;
 * CommandError, as `dataset build` does.
 */
export function studioImportBuildRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const request = newVersionSchema.safeParse(await readJson(context));
    if (!request.success) throw new SwipenetError('body_malformed', 'the body must be JSON: {"name": "flowers"}');
    waitWithoutLimit(context);
    const ended = AbortSignal.any([context.req.raw.signal, studio.closing]);
    const built = await studio.imports.build(importOf(context), request.data.name, ended);
    return context.json(built satisfies ImportBuilt, 200, NOT_STORED);
  };
}

/** `DELETE /v1/studio/imports/:import`: deletes an import's files. */
export function studioImportCancelRoute({ studio: { imports } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const id = importOf(context);
    await imports.cancel(id);
    return context.json({ id } satisfies ImportBegun, 200, NOT_STORED);
  };
}
