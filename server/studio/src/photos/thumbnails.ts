import { MOST_THUMBNAILS, THUMBNAIL_SIZE } from '@swipenet/shared/contract/studio/datasets.ts';
import { askBytes } from '../live/ask.ts';

const BYTES = THUMBNAIL_SIZE * THUMBNAIL_SIZE;

/** How many thumbnails stay in memory: 33 MB. */
const KEPT = 2_000;

/** Thumbnails by dataset and number, the one used last at the end. */
const known = new Map<string, Promise<Uint8Array>>();

/** Photos of each dataset that were asked for since the last request. */
const asked = new Map<string, Map<number, (bytes: Promise<Uint8Array>) => void>>();

/**
 * Returns a photo's thumbnail, gray levels `[128, 128]`. Photos that are asked for at the same moment come in one
 * request. Throws AskError.
 */
export function thumbnailOf(dataset: string, number: number): Promise<Uint8Array> {
  const key = `${dataset} ${number}`;
  const before = known.get(key);
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const thumbnail = before ?? promise;
  known.delete(key);
  known.set(key, thumbnail);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  if (before) return before;
  thumbnail.catch(() => known.delete(key)); // asked for again next time
  if (asked.size === 0) requestAnimationFrame(request);
  const ofDataset = asked.get(dataset) ?? new Map();
  asked.set(dataset, ofDataset.set(number, resolve));
  return thumbnail;
}

function request(): void {
  for (const [dataset, waiting] of asked) {
    const entries = [...waiting];
    for (let first = 0; first < entries.length; first += MOST_THUMBNAILS) {
      const batch = entries.slice(first, first + MOST_THUMBNAILS);
      const query = { photos: batch.map(([number]) => number).join(',') };
      const all = askBytes('studioThumbnails', { path: { dataset }, query });
      for (const [at, [, resolve]] of batch.entries()) {
        resolve(all.then((bytes) => bytes.subarray(at * BYTES, (at + 1) * BYTES)));
      }
    }
  }
  asked.clear();
}
