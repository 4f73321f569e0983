import { MOST_FACTS, type PhotoFacts, photosFactsSchema } from '@swipenet/shared/contract/studio/photos.ts';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';

/** How many photos' facts stay in memory. */
const KEPT = 5_000;

/** Facts by dataset, state of its check, and number; the one used last at the end. */
const known = new Map<string, Promise<PhotoFacts>>();

/** What was asked for since the last frame. */
const asked = new Map<string, Map<number, (facts: Promise<PhotoFacts>) => void>>();

/** Returns a photo's facts. Photos that are asked for at the same moment come in one request. Throws AskError. */
function factsOf(dataset: string, version: string, number: number): Promise<PhotoFacts> {
  const key = `${dataset} ${version} ${number}`;
  const before = known.get(key);
  if (before) return before;
  const { promise, resolve } = Promise.withResolvers<PhotoFacts>();
  known.set(key, promise);
  promise.catch(() => known.delete(key)); // asked for again next time
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  if (asked.size === 0) requestAnimationFrame(request);
  const waiting = asked.get(dataset) ?? new Map();
  asked.set(dataset, waiting.set(number, resolve));
  return promise;
}

function request(): void {
  for (const [dataset, waiting] of asked) {
    const entries = [...waiting];
    for (let first = 0; first < entries.length; first += MOST_FACTS) {
      const batch = entries.slice(first, first + MOST_FACTS);
      const query = { photos: batch.map(([number]) => number).join(',') };
      const all = ask('studioPhotoFacts', photosFactsSchema, { path: { dataset }, query });
      for (const [at, [, resolve]] of batch.entries()) resolve(all.then(({ photos }) => photos[at]!));
    }
  }
  asked.clear();
}

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
    factsOf(dataset, version, number).then(
      (found) => isGone || setFacts(found),
      () => {}, // the photo itself says that it can’t be loaded
    );
    return () => {
      isGone = true;
    };
  }, [dataset, version, number]);
  return facts?.number === number ? facts : undefined;
}
