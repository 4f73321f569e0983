import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { MOST_THUMBNAILS, type StudioDatasets } from '@swipenet/shared/contract/studio/datasets.ts';
import type { Context } from 'hono';
import type { AppDependencies, AppEnv } from '../../dependencies.ts';

/** `GET /v1/studio/datasets`: lists the datasets. */
export function studioDatasetsRoute({ studio: { datasets } }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> =>
    context.json({ datasets: await datasets.list() } satisfies StudioDatasets, 200, { 'Cache-Control': 'no-store' });
}

/**
 * `GET /v1/studio/datasets/:dataset/thumbnails?photos=1,2,3`: returns gray levels, `[N, 128, 128]`. Throws SwipenetError
 * `query_invalid`, `studio_unknown`; CommandError `dataset_missing`, `dataset_invalid`.
 */
export function studioThumbnailsRoute({ studio }: AppDependencies) {
  return async (context: Context<AppEnv>): Promise<Response> => {
    const numbers = photoNumbersOf(context.req.query('photos'), MOST_THUMBNAILS);
    const thumbnails = await studio.thumbnails(context.req.param('dataset')!, numbers);
    return context.body(thumbnails as Uint8Array<ArrayBuffer>, 200, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
    });
  };
}

/** Parses a list of photos' numbers such as `0,7,12`. Throws SwipenetError `query_invalid`. */
export function photoNumbersOf(list: string | undefined, most: number): number[] {
  const numbers = (list ?? '').split(',').map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN));
  if (numbers.some(Number.isNaN) || numbers.length > most) {
    throw new SwipenetError('query_invalid', `photos must be 1 to ${most} numbers, separated by commas`);
  }
  return numbers;
}
