import { MOST_THUMBNAILS, THUMBNAIL_SIZE } from '@swipenet/shared/contract/studio/datasets.ts';
import { askBytes } from '../live/ask.ts';
import { PhotoCache } from './photo-cache.ts';

const BYTES = THUMBNAIL_SIZE * THUMBNAIL_SIZE;

/** Thumbnails: 33 MB of them. */
const thumbnails = new PhotoCache<Uint8Array>({
  kept: 2_000,
  most: MOST_THUMBNAILS,
  ask: async (dataset, numbers) => {
    const bytes = await askBytes('studioThumbnails', { path: { dataset }, query: { photos: numbers.join(',') } });
    return numbers.map((_, at) => bytes.subarray(at * BYTES, (at + 1) * BYTES));
  },
});

/** Returns a photo's thumbnail, gray levels `[128, 128]`. Throws AskError. */
export const thumbnailOf = (dataset: string, number: number): Promise<Uint8Array> => thumbnails.get(dataset, number);
