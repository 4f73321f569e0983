import { createHmac } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { EMBEDDED_IDS } from '../registry/model-folders.ts';
import { toFloat16 } from '../runtime/float16.ts';
import type { Device } from '../runtime/session.ts';
import { centerOf } from '../training/dataset/batches/augment.ts';
import { findSourcePhotos, type SourcePhoto } from '../training/dataset/build/source-photos.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import { featuresOfFiles } from '../training/profiles/file-features.ts';
import { readPretrained } from '../training/run/pretrained.ts';
import type { DescribedPhoto } from './described-photo.ts';
import type { NewSwipe, RecordedSwipe } from './swipe-record.ts';
import type { TasteStore } from './taste-store.ts';

/** The site of swipes that come from folders. */
const FOLDERS = 'folders';

/** What became of folders of profiles. */
export interface ImportedSwipes extends Record<RecordedSwipe['outcome'], number> {
  /** Photos that couldn't be read. */
  readonly failed: readonly { readonly path: string; readonly code: string }[];
}

/**
 * Records folders of profiles as swipes: every folder with photos is a profile, and so is a photo by itself. The same
 * folder again changes nothing, and with the other label it replaces the swipe. Such swipes don't count for agreement,
 * because nothing was predicted before them.
 *
 * @throws CommandError `path_missing`, `path_without_photos`, and what the store throws.
 */
export async function importSwipes(
  store: TasteStore,
  { taste, profileKey }: { readonly taste: string; readonly profileKey: Uint8Array },
  folders: Readonly<Record<Label, readonly string[]>>,
  work: {
    readonly device: Device;
    readonly threads: number;
    readonly onProgress: (work: string, done: number, total: number) => void;
  },
): Promise<ImportedSwipes> {
  const { photos } = await findSourcePhotos(folders);
  const pretrained = (await readPretrained(EMBEDDED_IDS[0]))!;
  const { readable, features, failed } = await featuresOfFiles(photos, pretrained, {
    ...work,
    crops: [centerOf(CROP_SIZE)],
  });
  const body = { sha256: pretrained.forHeads!.sha256, precision: 'fp32' } as const;
  const described = new Map<number, DescribedPhoto[]>();
  for (const [at, { profile }] of readable.entries()) {
    const photo = { features: toFloat16(features.subarray(at * FEATURE_COUNT, (at + 1) * FEATURE_COUNT)), body };
    described.set(profile, [...(described.get(profile) ?? []), photo]);
  }
  const outcomes = { added: 0, replaced: 0, unchanged: 0 };
  for (const [profile, own] of Map.groupBy(photos, (photo) => photo.profile)) {
    const swipe: NewSwipe = {
      ...{ taste, site: FOLDERS, profile: createHmac('sha256', profileKey).update(placeOf(own)).digest('hex') },
      swipe: own[0]!.label === 'LIKE' ? 'right' : 'left',
      photoCount: own.length,
      before: null,
      verdict: 'none',
    };
    outcomes[store.record(swipe, { photos: described.get(profile) ?? [] })!.outcome] += 1;
  }
  return { ...outcomes, failed };
}

/** Where a profile is: its folder, or its only photo. */
function placeOf(photos: readonly SourcePhoto[]): string {
  const { path } = photos[0]!;
  return photos.length > 1 ? dirname(resolve(path)) : resolve(path);
}
