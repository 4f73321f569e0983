import type { ScoredPhoto, Scorer } from './scorer.ts';

/**
 * Scores one photo for a command, which waits for it however long it takes. A photo whose engine failed was tried again
 * by the batcher, alone and on another engine where one is alive: what fails here would fail once more.
 *
 * @throws what {@link Scorer.score} throws.
 */
export async function scorePhoto(scorer: Pick<Scorer, 'score'>, bytes: Uint8Array): Promise<ScoredPhoto> {
  const [photo] = await scorer.score([bytes], { priority: 'now', signal: new AbortController().signal });
  return photo!;
}
