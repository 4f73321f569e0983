import type { Label } from '@swipenet/shared/confidence.ts';
import type { NetworkBody } from '../../registry/network-body.ts';
import { FEATURE_COUNT } from '../../training/head/feature-model.ts';
import type { TasteDatabase } from './database.ts';
import { featuresIn, idOfBody } from './described-photo.ts';

/** A swiped profile to learn from. */
export interface TrainingProfile {
  /** The ID of the swipe. */
  readonly id: number;
  readonly label: Label;
  readonly at: Date;
  /** `[photos, 1856]`, of the crop that the server uses. */
  readonly features: Float32Array;
}

/** How many swipes can't be learned from, and why. */
export interface Unusable {
  /** Swipes whose features come from another network body. They count as swipes, but can't be learned from. */
  readonly stale: number;
  /** Swipes without features, because none of their photos could be read. */
  readonly withoutFeatures: number;
}

/** A photo that is kept and whose features are stale. */
export interface StalePhoto {
  readonly id: number;
  /** `[256, 256]` gray levels. */
  readonly gray: Uint8Array;
}

/** The swipes with a photo that is stale: its features come from another network than `?1`. */
const STALE = `(SELECT DISTINCT swipe FROM photos JOIN bodies ON bodies.id = photos.body
  WHERE swipe IS NOT NULL AND bodies.sha256 <> ?1)`;

/**
 * Counts the swipes of a taste that can't be learned from. Throws CommandError, like the store.
 *
 * @param sha256 the network that the features must come from, in either precision.
 */
export function unusableSwipes(database: TasteDatabase, taste: string, sha256: string): Unusable {
  return database.get<Unusable>(
    `SELECT
      (SELECT count(*) FROM swipes WHERE taste = ?2 AND id IN ${STALE}) AS stale,
      (SELECT count(*) FROM swipes WHERE taste = ?2 AND id NOT IN (SELECT swipe FROM photos WHERE swipe IS NOT NULL))
        AS withoutFeatures`,
    ...[sha256, taste],
  )!;
}

/**
 * Returns the profiles of a taste whose features come from a network, in either precision, oldest swipe first. A profile
 * is stale if one of its photos is. Throws CommandError, like the store.
 */
export function trainingProfiles(database: TasteDatabase, taste: string, sha256: string): TrainingProfile[] {
  const rows = database.all<{ id: number; swipe: string; at: number; features: Uint8Array }>(
    `SELECT swipes.id, swipes.swipe, swipes.at, photos.features FROM swipes JOIN photos ON photos.swipe = swipes.id
    WHERE taste = ?2 AND swipes.id NOT IN ${STALE} ORDER BY swipes.id, photos.id`,
    ...[sha256, taste],
  );
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((own): TrainingProfile => {
    const [{ id, swipe, at }] = own as [(typeof own)[number]];
    const features = new Float32Array(own.length * FEATURE_COUNT);
    for (const [photo, row] of own.entries()) features.set(featuresIn(row.features), photo * FEATURE_COUNT);
    return { id, label: swipe === 'right' ? 'LIKE' : 'NOPE', at: new Date(at), features };
  });
}

/** Returns up to `most` kept photos of all tastes whose features don't come from a network, to compute them again. */
export function stalePhotos(database: TasteDatabase, sha256: string, most: number): StalePhoto[] {
  return database.all<StalePhoto>(
    `SELECT photos.id, gray FROM photos JOIN bodies ON bodies.id = photos.body
    WHERE bodies.sha256 <> ? AND gray IS NOT NULL ORDER BY photos.id LIMIT ?`,
    ...[sha256, most],
  );
}

/** A photo whose features were computed again. */
export interface RefreshedPhoto {
  readonly id: number;
  /** `[1856]`, as they are stored. */
  readonly features: Uint8Array;
  readonly body: NetworkBody;
}

/** Replaces the features of photos. Photos that were deleted meanwhile are skipped. */
export function refreshFeatures(database: TasteDatabase, photos: readonly RefreshedPhoto[]): void {
  database.write(() => {
    const sql = 'UPDATE photos SET features = ?, body = ? WHERE id = ?';
    for (const { id, features, body } of photos) database.run(sql, features, idOfBody(database, body), id);
  });
}
