import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { systemPath } from '../../files/path-text.ts';
import { sha256OfFile } from '../../files/sha256.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { type ColorPicture, decodeColor, halved } from '../../image/color-picture.ts';
import type { Picture } from '../../image/develop.ts';
import { findProfiles } from '../../image/files/photo-files.ts';
import { encodedPhoto } from '../../image/photo-bytes.ts';
import { drawPicture, SCENES, type SceneName } from '../../pictures/draw-photo.ts';
import { inOrder } from '../dataset/in-order.ts';
import type { CropPlan } from './color-crop.ts';
import { mirrored, resample, tapsOf } from './resample.ts';

/** The short side of cached pictures is at most this many pixels, so that crops of details stay sharp. */
const MAX_SHORT_SIDE = 1024;

/** Smaller pictures are left out. */
const LEAST_SIDE = 96;

/** A level is halved while its short side stays at least this long. */
const LEAST_LEVEL_SIDE = 224;

/** The seeds of drawn pictures start here, apart from those of the demo, the default model and its generated set. */
const FIRST_DRAWN_SEED = 3_500_000_000;

/** Separates the random backgrounds of transparent pictures from other random numbers. */
const BACKGROUNDS = 0x6261636b;

const levelSchema = z.strictObject({ width: z.int(), height: z.int(), offset: z.int() });

const cachedPictureSchema = z.strictObject({
  name: z.string(),
  filePixels: z.int(),
  /** The picture, then halves of it. */
  levels: z.array(levelSchema).min(1),
});

const indexSchema = z.strictObject({
  /** What the cache was made from. */
  sources: z.array(z.string()),
  pictures: z.array(cachedPictureSchema),
});

export type CachedPicture = z.infer<typeof cachedPictureSchema>;

/** Where a cache's pictures come from. */
export interface PictureSources {
  readonly folders: readonly string[];
  /** The number of drawn pictures. */
  readonly drawn: number;
  readonly workers: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** One picture to be cached. The key tells its content, so that a copied folder is the same one. */
interface Source {
  readonly name: string;
  readonly key: string;
  readonly open: () => Promise<ColorPicture | undefined>;
}

/** Pictures in color on disk, uncompressed and in several sizes, so that a crop costs one short read. */
export class PictureCache implements AsyncDisposable {
  readonly pictures: readonly CachedPicture[];
  /** The number of pictures that are too small or can't be read or decoded, and of other files and folders. */
  readonly leftOut: number;
  readonly #file: FileHandle;

  private constructor(pictures: readonly CachedPicture[], found: number, file: FileHandle) {
    this.pictures = pictures;
    this.leftOut = found - pictures.length;
    this.#file = file;
  }

  /**
   * Opens the cache in a folder. Makes it first, unless it is there and its sources haven't changed.
   *
   * @param mustExist true for a run that resumes: with other pictures, it would be another run.
   * @throws CommandError `path_missing`, `path_without_photos`, `run_invalid` if the sources have changed since the run
   *   started, or `dataset_too_small` if no picture can be decoded.
   */
  static async open(folder: string, sources: PictureSources, mustExist: boolean): Promise<PictureCache> {
    const { found, notRead } = await sourcesOf(sources);
    const [indexPath, path] = [join(folder, 'pictures.json'), join(folder, 'pictures.rgb')];
    const keys = found.map(({ key }) => key);
    const index = existsSync(indexPath)
      ? indexSchema.safeParse(JSON.parse(await readFile(indexPath, 'utf8')))
      : undefined;
    if (index?.success && index.data.sources.join('\n') === keys.join('\n')) {
      return new PictureCache(index.data.pictures, found.length + notRead, await open(path, 'r'));
    }
    if (mustExist) throw new CommandError('run_invalid', `the pictures have changed since ${folder} was made`);
    await mkdir(folder, { recursive: true });
    const pictures = await fill(path, found, sources);
    if (pictures.length === 0) throw new CommandError('dataset_too_small', 'no picture could be decoded');
    await writeWhole(indexPath, JSON.stringify({ sources: keys, pictures } satisfies z.infer<typeof indexSchema>));
    return new PictureCache(pictures, found.length + notRead, await open(path, 'r'));
  }

  /** Returns the levels of part of a picture, squashed to a square: `[side, side, 3]`. */
  async crop(number: number, plan: CropPlan, side: number): Promise<Float32Array> {
    const { levels } = this.pictures[number]!;
    const [full] = levels;
    // The smallest size that still has a pixel for each of the result's.
    const fits = levels.filter(({ width }) => (Math.min(plan.width, plan.height) * width) / full!.width >= side);
    const { width, height, offset } = fits.at(-1) ?? full!;
    const [x, y] = [width / full!.width, height / full!.height];
    const across = tapsOf({ begin: plan.left * x, length: plan.width * x }, side, width);
    const down = tapsOf({ begin: plan.top * y, length: plan.height * y }, side, height);
    const [firstRow, endRow] = [down.first[0]!, down.first[side - 1]! + down.count];
    const rows = new Uint8Array((endRow - firstRow) * width * 3);
    const { bytesRead } = await this.#file.read(rows, 0, rows.length, offset + firstRow * width * 3);
    if (bytesRead !== rows.length) throw new CommandError('dataset_invalid', 'the cache of pictures is truncated');
    return resample(rows, width, firstRow, plan.mirrored ? mirrored(across) : across, down);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Finds the pictures, and counts the files and folders that can't be read or aren't pictures. */
async function sourcesOf({ folders, drawn, workers }: PictureSources): Promise<{ found: Source[]; notRead: number }> {
  const { profiles, leftOut } = folders.length > 0 ? await findProfiles(folders) : { profiles: [], leftOut: [] };
  const paths = profiles.flatMap(({ photos }) => photos);
  const files: Source[] = [];
  for await (const source of inOrder(
    [...paths.entries()],
    workers,
    async ([index, path]): Promise<Source | undefined> => {
      const hashed = await sha256OfFile(path).catch(() => undefined);
      return hashed && { name: path, key: hashed.sha256, open: () => openFile(path, index) };
    },
  )) {
    if (source) files.push(source);
  }
  const scenes = Object.keys(SCENES) as SceneName[];
  const drawings = Array.from({ length: drawn }, (_, number): Source => {
    const scene = scenes[number % scenes.length]!;
    const name = `drawn/${scene}-${number}`;
    return {
      ...{ name, key: name },
      open: async () => {
        const picture = await drawPicture({ scene, seed: FIRST_DRAWN_SEED + number, faults: [] });
        return { ...picture, filePixels: picture.width * picture.height };
      },
    };
  });
  return { found: [...files, ...drawings], notRead: leftOut.length + paths.length - files.length };
}

async function openFile(path: string, index: number): Promise<ColorPicture | undefined> {
  const random = seededRandom(seedOf(BACKGROUNDS, index));
  const level = () => Math.floor(random() * 256);
  const background = random() < 0.5 ? { r: 128, g: 128, b: 128 } : { r: level(), g: level(), b: level() };
  return decodeColor(encodedPhoto(await readFile(systemPath(path))), { maxShortSide: MAX_SHORT_SIDE, background });
}

async function fill(
  path: string,
  sources: readonly Source[],
  { workers, onProgress }: PictureSources,
): Promise<CachedPicture[]> {
  const file = await open(path, 'w');
  const pictures: CachedPicture[] = [];
  let [offset, done] = [0, 0];
  try {
    for await (const { name, picture } of inOrder(sources, workers, async ({ name, open: read }) => {
      return { name, picture: await read() };
    })) {
      done += 1;
      onProgress(done, sources.length);
      if (!picture || Math.min(picture.width, picture.height) < LEAST_SIDE) continue;
      const levels: CachedPicture['levels'] = [];
      for (const { width, height, pixels } of sizesOf(picture)) {
        await file.write(pixels, 0, pixels.length, offset);
        levels.push({ width, height, offset });
        offset += pixels.length;
      }
      pictures.push({ name, filePixels: picture.filePixels, levels });
    }
  } finally {
    await file.close();
  }
  return pictures;
}

function* sizesOf(picture: Picture): Generator<Picture> {
  yield picture;
  let size = picture;
  while (Math.min(size.width, size.height) >= 2 * LEAST_LEVEL_SIDE) {
    size = halved(size);
    yield size;
  }
}
