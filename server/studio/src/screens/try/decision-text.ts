import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { Decided } from '@swipenet/shared/decision.ts';

/** What would be done with a profile, in words. */
const ACTS = { right: '→ Swipe right', left: '← Swipe left', hold: 'Left to you' } as const;

/** A decision and its reason, in words. */
export interface DecisionText {
  readonly act: string;
  readonly reason: string;
}

/** Formats a threshold with as many decimals as it has: `40%`, `37.25%`. */
export const formatThreshold = (threshold: number): string => `${Number((threshold * 100).toFixed(2))}%`;

/**
 * Says what a decision is and why, as the extension does.
 *
 * @param likes the LIKE confidence of each photo, or null if it has none.
 */
export function decisionText(decision: Decided, likes: readonly (number | null)[], threshold: number): DecisionText {
  return { act: ACTS[decision.swipe], reason: reasonOf(decision, likes, formatThreshold(threshold)) };
}

function reasonOf(decision: Decided, likes: readonly (number | null)[], from: string): string {
  const isOnly = likes.length === 1;
  const shown = (photo: number) => `photo ${photo + 1}, ${formatPercent(likes[photo] ?? 0)}`;
  const together = decision.like === null ? '' : `together, the photos reach ${formatPercent(decision.like)}`;
  switch (decision.reason) {
    case 'like_found':
      return isOnly ? `the only photo is at or above ${from}` : `${shown(decision.photo)}, is at or above ${from}`;
    case 'profile_liked':
      if (isOnly) return `the only photo is at or above ${from}`;
      return `${together}, which is at or above ${from} (surest: ${shown(decision.photo)})`;
    case 'profile_not_liked':
      if (isOnly) return `the only photo is below ${from}`;
      return `${together}, which is below ${from} (surest: ${shown(decision.photo)})`;
    case 'all_nope':
      return isOnly ? `the only photo is below ${from}` : `all ${likes.length} photos are below ${from}`;
    case 'no_photo':
      return 'this profile has no photos';
    case 'photos_failed':
    case 'photos_missing':
      return missingText(likes, decision.like);
  }
}

/** Says which photos have no confidence. Without a `like`, the model judges whole profiles. */
function missingText(likes: readonly (number | null)[], like: number | null): string {
  const missing = likes.flatMap((known, photo) => (known === null ? [photo + 1] : []));
  const which = missing.length === 1 ? `photo ${missing[0]} has` : `photos ${missing.join(', ')} have`;
  const judgesWhole = like === null && missing.length < likes.length;
  return `${which} no confidence, and ${judgesWhole ? 'all photos count together' : 'no other photo is a LIKE'}`;
}
