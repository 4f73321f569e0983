import { isPhotoError, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { LAYERS } from '@swipenet/shared/contract/studio/layers.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';
import { GrowingBytes } from '../../form/growing-bytes.ts';
import { DEADLINE_MS } from '../score-route.ts';

/**
 * `POST /v1/studio/layers?layer=conv1`: shows what a layer makes of the photo in the body. Throws SwipenetError
 * `query_invalid`, `studio_refused` about the photo; CommandError `model_invalid` and of loading the model.
 */
export function studioLayersRoute({ studio: { layers }, deadline }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const layer = LAYERS.find((known) => known === context.req.query('layer'));
    if (!layer) throw new SwipenetError('query_invalid', `layer must be one of ${LAYERS.join(', ')}`);
    const signal = AbortSignal.any([context.req.raw.signal, deadline(DEADLINE_MS)]);
    const photo = new GrowingBytes();
    for await (const chunk of context.get('body')) photo.append(chunk);
    const options = { signal, caller: context.get('caller') };
    const view = await layers.look(photo.joined(), layer, options).catch(refusePhoto);
    return context.json(view, 200, { 'Cache-Control': 'no-store' });
  };
}

/** A faulty photo among others has its error in the response. Here it is the only one. */
function refusePhoto(error: unknown): never {
  if (isPhotoError(error)) throw new SwipenetError('studio_refused', error.message, { cause: error });
  throw error;
}
