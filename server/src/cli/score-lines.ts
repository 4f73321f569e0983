import { basename } from 'node:path';
import { formatPercent, type Label } from '@swipenet/shared/confidence.ts';
import type { Decision } from '@swipenet/shared/decision.ts';

/** One photo as `score --json` gives it. */
export type ScoredFile =
  | { readonly path: string; readonly like: number; readonly label: Label }
  | { readonly path: string; readonly error: { readonly code: string; readonly message: string } };

/** One profile as `score --json` gives it. */
export interface ScoredProfile {
  readonly path: string;
  readonly photos: readonly ScoredFile[];
  readonly decision: Decision;
}

/** A profile for people: a line a photo with its verdict and LIKE confidence, then the decision and its reason. */
export function profileLines({ path, photos, decision }: ScoredProfile, threshold: number): string {
  const width = Math.max(...photos.map((photo) => basename(photo.path).length));
  const lines = photos.map((photo) => {
    const name = basename(photo.path).padEnd(width);
    if ('error' in photo) return `  ${name}  ----  ${photo.error.message}`;
    return `  ${name}  ${photo.label}  ${formatPercent(photo.like).padStart(8)}`;
  });
  return [path, ...lines, `  → ${decision.swipe}: ${reasonOf(decision, photos, threshold)}`].join('\n');
}

function reasonOf(decision: Decision, photos: readonly ScoredFile[], threshold: number): string {
  switch (decision.reason) {
    case 'like_found': {
      const photo = photos[decision.photo]!;
      const like = 'like' in photo ? formatPercent(photo.like) : '';
      return `${basename(photo.path)} is LIKE, ${like} is at or above ${formatPercent(threshold)}`;
    }
    case 'all_nope':
      return `every photo is below ${formatPercent(threshold)}`;
    case 'photos_failed':
      return 'a photo could not be read and none of the others is LIKE';
    case 'photos_missing':
      return 'photos are missing and none of the others is LIKE';
    case 'no_photo':
      return 'there is no photo';
  }
}
