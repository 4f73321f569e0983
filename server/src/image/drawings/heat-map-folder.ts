import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { type EvidenceMap, heatScale } from '@swipenet/shared/heat-map.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../command-error.ts';
import { makeFolder, writeWhole } from '../../files/write-whole.ts';
import { readPhotoFile } from '../files/read-photo-file.ts';
import { type Heat, heatMapPicture } from './heat-map-picture.ts';

/** How much of the name of a profile and of a photo the name of a heat map has, in characters. */
const MAX_NAME = 40;

/** A photo to draw, with its evidence unless it couldn't be scored. */
export interface HeatPhoto {
  readonly path: string;
  readonly evidence: EvidenceMap | undefined;
}

/** A new folder with the heat maps of photos, one PNG for each. */
export class HeatMapFolder {
  readonly #path: string;
  /** The photos so far. Their number begins the name of their file, so no two have the same. */
  #count = 0;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Creates the folder, or takes an empty one. @throws CommandError `output_unusable`. */
  static async open(path: string): Promise<HeatMapFolder> {
    const names = await writing(path, async () => {
      await makeFolder(path);
      return await readdir(path);
    });
    if (names.length > 0) throw new CommandError('output_unusable', `${path} isn’t empty; choose a new folder`);
    return new HeatMapFolder(path);
  }

  /**
   * Draws the photos of one profile, all on one scale.
   *
   * @param resize how the model's photos are made square.
   * @returns the file's name for each photo, or undefined for one without evidence or that can't be read again.
   * @throws CommandError `output_unusable`. No existing file is replaced.
   */
  async add(profile: string, photos: readonly HeatPhoto[], resize: ResizeMode): Promise<(string | undefined)[]> {
    const scale = heatScale(photos.flatMap(({ evidence }) => (evidence ? [evidence] : [])));
    const names: (string | undefined)[] = [];
    for (const { path, evidence } of photos) {
      this.#count += 1;
      const picture = evidence && (await draw(path, { evidence, scale, resize }));
      const name = heatMapName(this.#count, profile, path);
      if (picture) {
        const file = join(this.#path, name);
        await writing(file, () => writeWhole(file, picture, { exclusive: true }));
      }
      names.push(picture ? name : undefined);
    }
    return names;
  }
}

async function draw(path: string, heat: Heat): Promise<Uint8Array | undefined> {
  const photo = await readPhotoFile(path).catch(() => undefined); // it was there when it was scored
  return photo && (await heatMapPicture(photo, heat));
}

/**
 * Returns the name of a heat map's file: the photo's number and what is harmless of the profile's and the photo's name.
 * It names a file in any folder and on any system, whatever the photo is called.
 */
export function heatMapName(number: number, profile: string, photo: string): string {
  const parts = [profile, photo].map((path) => harmless(basename(path).replace(/\.\w+$/, ''))).filter(Boolean);
  return `${[String(number).padStart(4, '0'), ...parts].join('-')}.png`;
}

const harmless = (name: string) =>
  name
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, MAX_NAME)
    .replaceAll(/^-|-$/g, '');

/** @throws CommandError `output_unusable` in place of the system's errors. */
async function writing<Output>(path: string, work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === undefined) throw cause;
    throw new CommandError('output_unusable', `can’t write ${path} (${code})`, { cause });
  }
}
