import type { Decider, Swipe, SwipeDecision, Verdict } from '@swipenet/shared/contract/swipes.ts';
import type { DescribedPhoto } from './described-photo.ts';

/** Whose swipes these are: a profile on a site, for one taste. */
export interface ProfileKey {
  /** `owner`, or the ID of a device that has its own. */
  readonly taste: string;
  readonly site: string;
  /** Opaque, 1 to 128 characters: an HMAC of the site's own ID with the key that the server hands out at pairing. */
  readonly profile: string;
}

/** What the extension would have done before the person swiped. */
export interface DecisionBefore {
  readonly decision: SwipeDecision;
  readonly decidedBy: Decider;
  /** The probability of a like, 0 to 1, or null if there was none. */
  readonly probability: number | null;
  readonly threshold: number | null;
  /** The ID of the model of that moment, such as `taste-0012`. */
  readonly model: string | null;
}

/** A swipe to store. */
export interface NewSwipe extends ProfileKey {
  readonly swipe: Swipe;
  /** How many photos the profile has. */
  readonly photoCount: number;
  /** Null if there was no decision yet. */
  readonly before: DecisionBefore | null;
  readonly verdict: Verdict;
}

/**
 * Where the features of a swiped profile come from: a pending score, or photos that came with the swipe, which may be
 * none. A score never has pixels, so gray photos to keep are passed beside it, in the order of its photos.
 */
export type FeatureSource =
  | { readonly scoreId: string; readonly grays?: readonly Uint8Array[] }
  | { readonly photos: readonly DescribedPhoto[] };

/** What became of a swipe. */
export interface RecordedSwipe {
  readonly id: number;
  /**
   * - `added`: the first swipe of this profile.
   * - `unchanged`: the same swipe again, as after a response that got lost.
   * - `replaced`: a different swipe of a profile that had one. It no longer counts for agreement.
   */
  readonly outcome: 'added' | 'unchanged' | 'replaced';
  /** How many photos with features the profile has now. With 0, it is counted, but can't be learned from. */
  readonly photos: number;
}

/** A stored swipe. */
export interface StoredSwipe extends NewSwipe {
  readonly id: number;
  /** When it was stored, or last replaced. */
  readonly at: Date;
  /** How often a later swipe replaced it. */
  readonly timesReplaced: number;
  /** How many photos with features it has. */
  readonly photos: number;
}

/** A row of the table `swipes`, with the number of its photos. */
export interface SwipeRow {
  readonly id: number;
  readonly taste: string;
  readonly site: string;
  readonly profile: string;
  readonly at: number;
  readonly swipe: Swipe;
  readonly photo_count: number;
  readonly verdict: Verdict;
  readonly decision: SwipeDecision | null;
  readonly decided_by: Decider | null;
  readonly probability: number | null;
  readonly threshold: number | null;
  readonly model: string | null;
  readonly replaced: number;
  readonly score: string | null;
  readonly photos: number;
}

/** Selects a {@link SwipeRow}; `WHERE` follows. */
export const SELECT_SWIPES =
  'SELECT swipes.*, (SELECT count(*) FROM photos WHERE photos.swipe = swipes.id) AS photos FROM swipes';

/** Returns a row as a swipe. */
export function swipeOf(row: SwipeRow): StoredSwipe {
  const { id, taste, site, profile, swipe, verdict, photos, decision, decided_by: decidedBy } = row;
  const { probability, threshold, model } = row;
  const before = decision && decidedBy ? { decision, decidedBy, probability, threshold, model } : null;
  return {
    ...{ id, taste, site, profile, swipe, verdict, photos, before },
    at: new Date(row.at),
    photoCount: row.photo_count,
    timesReplaced: row.replaced,
  };
}

/** True if a swipe says the same as a stored one. */
export function isSameSwipe(row: SwipeRow, { swipe, photoCount, verdict, before }: NewSwipe): boolean {
  return (
    row.swipe === swipe &&
    row.photo_count === photoCount &&
    row.verdict === verdict &&
    row.decision === (before?.decision ?? null) &&
    row.decided_by === (before?.decidedBy ?? null) &&
    row.probability === (before?.probability ?? null) &&
    row.threshold === (before?.threshold ?? null) &&
    row.model === (before?.model ?? null)
  );
}

/** What the store knows about the decision before a swipe. */
export interface JudgedSwipe {
  readonly swipe: Swipe;
  readonly decision: SwipeDecision | null;
  /** The probability of a like that the decision was based on, 0 to 1. */
  readonly probability: number | null;
  readonly decidedBy: Decider | null;
  readonly verdict: Verdict;
  /** The ID of the model that decided. */
  readonly model: string | null;
  /** True if this is the first swipe of that profile. Later ones may have been learned from before. */
  readonly isFirst: boolean;
}
