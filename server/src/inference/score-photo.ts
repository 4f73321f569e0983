import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ScoredPhoto, Scorer } from './scorer.ts';

/** How often a photo is given to an engine before its failing is everybody's. */
const ATTEMPTS = 3;

/**
 * Scores one photo for a command, which has nobody to ask again: an engine that dies takes its batch with it and is back
 * in a moment, and the photos in it are not to blame.
 *
 * @throws what {@link Scorer.score} throws, `engine_failed` after the third time.
 */
export async function scorePhoto(scorer: Pick<Scorer, 'score'>, bytes: Uint8Array): Promise<ScoredPhoto> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [photo] = await scorer.score([bytes], { priority: 'now', signal: new AbortController().signal });
      return photo!;
    } catch (error) {
      const again = error instanceof SwipenetError && error.code === 'engine_failed' && attempt < ATTEMPTS;
      if (!again) throw error;
    }
  }
}
