import type { ScoredPhoto, Scorer } from './scorer.ts';

/**
 * Scores one photo for a command, however long it takes. There is no point in retrying it here: if its engine failed,
 * the batcher has already retried it alone, on another engine if one was alive.
 *
 * @throws whatever {@link Scorer.score} throws.
 */
export async function scorePhoto<Photo extends object>(
  scorer: Pick<Scorer<Photo>, 'score'>,
  photo: Photo,
): Promise<ScoredPhoto> {
  const [scored] = await scorer.score([photo], { priority: 'now', signal: new AbortController().signal });
  return scored!;
}
