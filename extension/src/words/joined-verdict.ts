import type { Verdict, WordsAnswer } from '../messages.ts';

/**
 * Returns the photos' probability of a like if words may join it: every photo was scored, so the profile may be swiped
 * either way. Undefined otherwise, and the verdict stays as it is. Videos don't count.
 */
export function photosLike({ photos, decision, words }: Verdict): number | undefined {
  const isWhole = photos.every((photo) => 'like' in photo || photo.missing === 'video');
  if (!isWhole || decision.swipe === 'hold' || typeof decision.like !== 'number') return undefined;
  return words?.photos ?? decision.like;
}

/** Returns a verdict with the words joined: the joined probability decides, by the same threshold. */
export function joinedVerdict(verdict: Verdict, { like, reasons, photosWeight }: NonNullable<WordsAnswer>): Verdict {
  const likes = verdict.photos.map((photo) => ('like' in photo ? photo.like : -1));
  const because = { like, photo: likes.indexOf(Math.max(...likes)) };
  return {
    ...verdict,
    decision:
      like >= verdict.threshold
        ? { swipe: 'right', reason: 'profile_liked', ...because }
        : { swipe: 'left', reason: 'profile_not_liked', ...because },
    words: { photos: verdict.decision.like!, reasons, ...(photosWeight !== undefined && { photosWeight }) },
  };
}
