import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';

/**
 * `GET /v1/studio/labels/:id/photos`: returns the gray copies of a swipe's photos, `[N, 256, 256]`. There are none unless
 * photos are kept. Throws SwipenetError `swipe_unknown`; CommandError, like the store.
 */
export function studioLabelPhotosRoute({ taste }: AppDependencies) {
  return (context: Context<AppEnv>): Response => {
    const id = context.req.param('id')!;
    if (!/^\d{1,15}$/.test(id)) throw new SwipenetError('swipe_unknown', 'there is no swipe with this ID');
    const photos = Buffer.concat(taste.keptPhotos(context.get('taste'), Number(id)));
    const headers = { 'Content-Type': 'application/octet-stream', 'Cache-Control': 'no-store' };
    return context.body(new Uint8Array(photos), 200, headers);
  };
}
