import { basename } from 'node:path';
import { isPhotoError } from '@swipenet/shared/contract/errors.ts';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import type { Picture } from '../../image/develop.ts';
import { findProfiles } from '../../image/files/photo-files.ts';
import { readPhotoFile } from '../../image/files/read-photo-file.ts';
import { drawPicture, SCENES, type SceneName } from '../../pictures/draw-photo.ts';
import { openForVariants } from '../../pictures/photo-variant.ts';
import { factsOf } from '../dataset/build/photo-facts.ts';
import { Selection } from '../dataset/build/selection.ts';
import type { Part } from '../dataset/dataset-format.ts';

/** A photo to make variants of. All its variants go into one split, so the test set has no photo seen in training. */
export interface QualitySource {
  /** For example `portraits/female-00` or `drawn/lake-7`. */
  readonly name: string;
  /** The group that its figures count toward: its folder's name, or `drawn`. */
  readonly group: string;
  readonly part: Part;
  readonly open: () => Promise<Picture>;
}

/** The minimum length of a photo's shorter side. Smaller photos would be enlarged for the network and look blurred. */
export const LEAST_SIDE = 256;

/** The share of every group's photos, in percent. The rest is for training. */
const PERCENT = { test: 22, validation: 10 } as const;

/** The group of the drawn pictures, which are drawn like the demo page's, but from other seeds. */
export const DRAWN = 'drawn';

/** The seeds start here, above the demo's, so that the demo never shows a picture that a model was trained on. */
const FIRST_DRAWN_SEED = 3_000_000_000;

/** A photo that was left out because it is too small, unreadable, or a duplicate; or another file or folder. */
export type LeftOutSource = { readonly path: string; readonly message: string };

/**
 * Finds the photos under folders, each of which is a group, and adds drawn pictures. The random seed splits each group.
 * Near duplicates are left out, because they could end up in different splits.
 *
 * @throws CommandError `path_missing`, `path_without_photos`.
 */
export async function qualitySources(
  folders: readonly string[],
  { drawn, seed, onProgress }: { drawn: number; seed: number; onProgress?: (done: number, total: number) => void },
): Promise<{ sources: QualitySource[]; leftOut: LeftOutSource[] }> {
  const { profiles, leftOut: notRead } = await findProfiles(folders);
  const files = profiles.flatMap(({ path, photos }) => photos.map((photo) => ({ path: photo, group: basename(path) })));
  const selection = new Selection();
  const leftOut: LeftOutSource[] = [...notRead];
  const found: Omit<QualitySource, 'part'>[] = [];
  for (const [index, { path, group }] of files.entries()) {
    onProgress?.(index, files.length);
    const why = await reasonAgainst(path, index, selection);
    if (why) leftOut.push({ path, message: why });
    else found.push({ name: `${group}/${stemOf(path)}`, group, open: () => openFile(path) });
  }
  onProgress?.(files.length, files.length);
  const scenes = Object.keys(SCENES) as SceneName[];
  for (let number = 0; number < drawn; number += 1) {
    const scene = scenes[number % scenes.length]!;
    const plan = { scene, seed: FIRST_DRAWN_SEED + number, faults: [] };
    found.push({ name: `${DRAWN}/${scene}-${number}`, group: DRAWN, open: () => drawPicture(plan) });
  }
  return { sources: splitGroups(found, seed), leftOut };
}

async function reasonAgainst(path: string, index: number, selection: Selection): Promise<string | undefined> {
  try {
    const bytes = await readPhotoFile(path);
    const pixels = await decodePhoto(bytes, 'cover'); // comes first, because its errors say what is wrong with a photo
    if (!(await openForVariants(bytes, LEAST_SIDE))) return `its shorter side is below ${LEAST_SIDE} pixels`;
    const photo = { path, name: path, label: 'LIKE', profile: index } as const;
    const kept = selection.take(photo, factsOf(bytes, pixels));
    return kept ? undefined : selection.leftOut.at(-1)!.message;
  } catch (error) {
    if (isPhotoError(error)) return error.message;
    throw error;
  }
}

async function openFile(path: string): Promise<Picture> {
  const picture = await openForVariants(await readPhotoFile(path), LEAST_SIDE);
  if (picture) return picture;
  throw new Error(`${path} was changed in the meantime`);
}

/** Splits every group by itself, so that each split has its share of each group. */
export function splitGroups(found: readonly Omit<QualitySource, 'part'>[], seed: number): QualitySource[] {
  const groups = Map.groupBy(found, ({ group }) => group);
  return [...groups.values()].flatMap((group, index) => {
    const order = shuffled(seededRandom(seedOf(seed, index)), group);
    const test = Math.round((group.length * PERCENT.test) / 100);
    const validation = Math.round((group.length * PERCENT.validation) / 100);
    const partAt = (place: number): Part =>
      place < test ? 'test' : place < test + validation ? 'validation' : 'training';
    return order.map((source, place) => ({ ...source, part: partAt(place) }));
  });
}

const stemOf = (path: string) => basename(path).replace(/\.\w+$/, '');
