import { MOST_FACTS, type PhotoFacts, photosFactsSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../live/ask.ts';
import { PhotoCache } from './photo-cache.ts';

const known = new PhotoCache<PhotoFacts>({
  kept: 5_000,
  most: MOST_FACTS,
  ask: async (dataset, numbers) => {
    const query = { photos: numbers.join(',') };
    return (await ask('studioPhotoFacts', photosFactsSchema, { path: { dataset }, query })).photos;
  },
});

/**
 * Returns a photo's facts once they are there.
 *
 * @param version changes when the dataset's labels were checked, which adds confidences.
 */
export function useFacts(dataset: string, version: string, number: number | undefined): PhotoFacts | undefined {
  const [facts, setFacts] = useState<PhotoFacts>();
  useEffect(() => {
    if (number === undefined) return;
    let isGone = false;
    known.get(dataset, number, version).then(
      (found) => isGone || setFacts(found),
      () => {}, // the photo itself says that it can’t be loaded
    );
    return () => {
      isGone = true;
    };
  }, [dataset, version, number]);
  return facts?.number === number ? facts : undefined;
}
