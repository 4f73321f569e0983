import type { ScoredPhoto, Scorer } from './scorer.ts';

/**
 * Scores one photo for a command, which waits for it however long it takes. A photo whose engine failed was tried again
 * by the batcher, alone and on another engine where one is alive: what fails here would fail once more.
 *
 * @throws what {@link Scorer.score} throws.
 */
export async function scorePhoto<Photo extends Uint8Array>(
  scorer: Pick<Scorer<Photo>, 'score'>,
  photo: Photo,
): Promise<ScoredPhoto> {
  const [scored] = await scorer.score([photo], { priority: 'now', signal: new AbortController().signal });
  return scored!;
}
