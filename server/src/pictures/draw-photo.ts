import { type Random, seededRandom } from '@swipenet/shared/random.ts';
import sharp from 'sharp';
import { develop, type Picture } from '../image/develop.ts';
import { type EncodedPhoto, encodedPhoto } from '../image/photo-bytes.ts';
import type { Raster } from '../image/raster.ts';
import { FAULTS, type PlannedFault } from './faults.ts';
import { drawForest } from './scenes/forest.ts';
import { drawDusk, drawLake, drawLand } from './scenes/landscape.ts';
import { drawShore } from './scenes/shore.ts';
import { drawStillLife } from './scenes/still-life.ts';

/** Every scene by its name. */
export const SCENES = {
  land: drawLand,
  lake: drawLake,
  dusk: drawDusk,
  shore: drawShore,
  forest: drawForest,
  stillLife: drawStillLife,
} as const satisfies Record<string, (random: Random) => Raster>;

/** The name of a scene. */
export type SceneName = keyof typeof SCENES;

/** What is on a photo and how well it was taken. */
export interface PhotoPlan {
  readonly scene: SceneName;
  readonly seed: number;
  /** What spoils it, each from 0 (just visible) to 1 (hopeless); nothing where it is well made. */
  readonly faults: readonly PlannedFault[];
  /** True where the file breaks off before the picture: no browser shows it, and no decoder reads it. */
  readonly broken?: boolean;
}

const JPEG_QUALITY = 88;

/** Enough to be a JPEG by its first bytes, too few for the header that tells its size. */
const BROKEN_BYTES = 120;

/** Draws a photo: light, camera, faults. The same plan always gives the same picture. */
export async function drawPicture({ scene, seed, faults }: PhotoPlan): Promise<Picture> {
  const random = seededRandom(seed);
  let picture = develop(SCENES[scene](random), random);
  for (const { name, strength } of faults) picture = await FAULTS[name](picture, strength, random);
  return picture;
}

/** Draws a photo as a JPEG file's bytes. */
export async function drawPhoto(plan: PhotoPlan): Promise<EncodedPhoto<ArrayBuffer>> {
  const { width, height, pixels } = await drawPicture(plan);
  const file = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return encodedPhoto(new Uint8Array(plan.broken ? file.subarray(0, BROKEN_BYTES) : file));
}
