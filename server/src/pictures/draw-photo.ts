import { type Random, seededRandom } from '@swipenet/shared/random.ts';
import { develop, type Picture } from '../image/develop.ts';
import { type EncodedPhoto, encodedPhoto } from '../image/photo-bytes.ts';
import type { Raster } from '../image/raster.ts';
import { sharp } from '../image/sharp.ts';
import { FAULTS, type PlannedFault } from './faults.ts';
import { portrait } from './portrait.ts';
import { drawForest } from './scenes/forest.ts';
import { drawDusk, drawLake, drawLand, duskHasLake } from './scenes/landscape.ts';
import { drawShore } from './scenes/shore.ts';
import { drawStillLife } from './scenes/still-life.ts';

/** The scenes by name. */
export const SCENES = {
  land: drawLand,
  lake: drawLake,
  dusk: drawDusk,
  shore: drawShore,
  forest: drawForest,
  stillLife: drawStillLife,
} as const satisfies Record<string, (random: Random) => Raster>;

export type SceneName = keyof typeof SCENES;

/** What a photo shows and how well it was taken. */
export interface PhotoPlan {
  readonly scene: SceneName | 'portrait';
  /** Of a portrait, its number. */
  readonly seed: number;
  /** The faults of a badly taken photo, applied in order. Empty for a well-made photo. */
  readonly faults: readonly PlannedFault[];
  /** Whether the file ends before the image data, so that no browser or decoder can read it. */
  readonly broken?: boolean;
}

const JPEG_QUALITY = 88;

/** Enough bytes to start like a JPEG, but too few for the header with the photo's size. */
const BROKEN_BYTES = 120;

/** Draws a photo: the scene's light, the camera, then the faults. A portrait isn't drawn. The same plan always gives the same picture. */
export async function drawPicture({ scene, seed, faults }: PhotoPlan): Promise<Picture> {
  const random = seededRandom(seed);
  let picture = scene === 'portrait' ? await portrait(seed) : develop(SCENES[scene](random), random);
  for (const { name, strength } of faults) picture = await FAULTS[name](picture, strength, random);
  return picture;
}

/** Returns whether a photo shows a lake or the sea. */
export const showsWater = ({ scene, seed }: Pick<PhotoPlan, 'scene' | 'seed'>): boolean =>
  scene === 'lake' || scene === 'shore' || (scene === 'dusk' && duskHasLake(seededRandom(seed)));

/** Draws a photo as the bytes of a JPEG file. */
export async function drawPhoto(plan: PhotoPlan): Promise<EncodedPhoto<ArrayBuffer>> {
  const { width, height, pixels } = await drawPicture(plan);
  const file = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return encodedPhoto(new Uint8Array(plan.broken ? file.subarray(0, BROKEN_BYTES) : file));
}
