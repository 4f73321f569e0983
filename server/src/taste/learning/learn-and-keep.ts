import type { Home } from '../../home/home.ts';
import type { TasteDatabase } from '../store/database.ts';
import { type RefreshedPhoto, refreshFeatures } from '../store/training-profiles.ts';
import { keepHeldOut, type VersionLosses } from './held-out.ts';
import { listVersions } from './versions.ts';

/** The computations of learning, in this process or in another one. They write nothing into the database. */
export interface Learning<Result> {
  /** Computes features of stale photos, of some at a time until none is stale. */
  readonly describe: () => Promise<readonly RefreshedPhoto[]>;
  readonly learn: () => Promise<Result>;
}

/**
 * Learns a version and stores what the next ones need. Everything is written here, in the process that also stores
 * swipes: a learner that is paused while photos are being scored must never hold the lock that a swipe waits for.
 */
export async function learnAndKeep<Result extends { readonly heldOut?: VersionLosses | undefined }>(
  { database, home }: { readonly database: TasteDatabase; readonly home: Home },
  { describe, learn }: Learning<Result>,
): Promise<Result> {
  for (;;) {
    const photos = await describe();
    if (photos.length === 0) break;
    refreshFeatures(database, photos);
  }
  const result = await learn();
  if (result.heldOut) {
    const versions = await listVersions(home);
    keepHeldOut(database, result.heldOut, new Set(versions.map(({ id }) => id)));
  }
  return result;
}
