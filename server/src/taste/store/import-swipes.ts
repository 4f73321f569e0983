import { createHmac } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { systemPath } from '../../files/path-text.ts';
import { EMBEDDED_IDS } from '../../registry/model-folders.ts';
import { toFloat16 } from '../../runtime/float16.ts';
import type { Device } from '../../runtime/session.ts';
import { centerOf } from '../../training/dataset/batches/augment.ts';
import type { LeftOut } from '../../training/dataset/build/selection.ts';
import { findSourcePhotos, type SourcePhoto } from '../../training/dataset/build/source-photos.ts';
import { describeFiles } from '../../training/profiles/file-features.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import type { DescribedPhoto } from './described-photo.ts';
import type { NewSwipe, RecordedSwipe } from './swipe-record.ts';
import type { TasteStore } from './taste-store.ts';

/** The site of swipes that come from folders. */
const FOLDERS = 'folders';

/** What became of folders of profiles. */
export interface ImportedSwipes extends Record<RecordedSwipe['outcome'], number> {
  /** Files and folders that couldn't be read as photos. */
  readonly leftOut: readonly LeftOut[];
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
  const { photos, leftOut: notRead } = await findSourcePhotos(folders);
  const pretrained = (await readPretrained(EMBEDDED_IDS[0]))!;
  const body = { sha256: pretrained.forHeads!.sha256, precision: 'fp32' } as const;
  const outcomes = { added: 0, replaced: 0, unchanged: 0 };
  const leftOut: LeftOut[] = [...notRead];
  const record = (own: readonly SourcePhoto[], described: readonly DescribedPhoto[]) => {
    const swipe: NewSwipe = {
      ...{ taste, site: FOLDERS, profile: createHmac('sha256', profileKey).update(placeOf(own)).digest('hex') },
      swipe: own[0]!.label === 'LIKE' ? 'right' : 'left',
      photoCount: own.length,
      before: null,
      verdict: 'none',
    };
    outcomes[store.record(swipe, { photos: described })!.outcome] += 1;
  };
  let own: SourcePhoto[] = [];
  let described: DescribedPhoto[] = [];
  // The photos of a profile come one after another.
  for await (const file of describeFiles(photos, pretrained, { ...work, crops: [centerOf(CROP_SIZE)] })) {
    if (own.length > 0 && own[0]!.profile !== file.photo.profile) {
      record(own, described);
      [own, described] = [[], []];
    }
    own.push(file.photo);
    if ('leftOut' in file) leftOut.push(file.leftOut);
    else described.push({ features: toFloat16(file.features), body });
  }
  if (own.length > 0) record(own, described);
  return { ...outcomes, leftOut };
}

/** Where a profile is: its folder, or its only photo. */
function placeOf(photos: readonly SourcePhoto[]): string | Buffer {
  const { path } = photos[0]!;
  return systemPath(photos.length > 1 ? dirname(resolve(path)) : resolve(path));
}
