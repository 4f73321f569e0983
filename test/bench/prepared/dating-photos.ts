import type { Picture } from '@swipenet/server/image/develop.ts';
import { drawPicture, SCENES, type SceneName } from '@swipenet/server/pictures/draw-photo.ts';
import { makeVariant, planVariant } from '@swipenet/server/pictures/photo-variant.ts';
import { pick, type Random, seededRandom } from '@swipenet/shared/random.ts';
import sharp from 'sharp';

/** Sizes in which dating pages serve photos. The first ones are the most frequent on tinder.com. */
const SIZES = [
  ...[
    [640, 800],
    [640, 800],
    [640, 800],
    [640, 640],
    [320, 400],
    [512, 640],
  ],
  ...[
    [750, 937],
    [800, 1000],
    [1080, 1350],
    [1080, 1920],
    [800, 640],
  ],
] as const;

const FORMATS = ['jpeg', 'webp'] as const;

/** A photo as a dating page serves it. */
export interface DatingPhoto {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: (typeof FORMATS)[number];
  readonly width: number;
  readonly height: number;
}

/**
 * Makes photos as dating pages serve them: drawn scenes and synthetic portraits in turn, each cropped, half of them with
 * faults, then saved as JPEG or WebP in one of the usual sizes.
 *
 * @param pictures how many different scenes and portraits to make them from.
 */
export async function datingPhotos(count: number, pictures: number, seed = 1): Promise<DatingPhoto[]> {
  const sources = await aFewAtATime(pictures, pictureOf);
  return await aFewAtATime(count, (at) =>
    photoOf(sources[at % pictures]!, FORMATS[(at >> 1) % 2]!, seededRandom(seed * 1_000_000 + at)),
  );
}

async function aFewAtATime<Made>(count: number, make: (at: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  while (made.length < count) {
    const next = Array.from({ length: Math.min(4, count - made.length) }, (_, at) => make(made.length + at));
    made.push(...(await Promise.all(next)));
  }
  return made;
}

async function pictureOf(at: number): Promise<Picture> {
  const scenes = Object.keys(SCENES) as SceneName[];
  const drawn = at >> 1;
  const scene = at % 2 === 0 ? ('portrait' as const) : scenes[drawn % scenes.length]!;
  return await drawPicture({ scene, seed: drawn, faults: [] });
}

async function photoOf(source: Picture, format: DatingPhoto['format'], random: Random): Promise<DatingPhoto> {
  const [width, height] = pick(random, [...SIZES] as unknown as [(typeof SIZES)[number]]);
  const { bytes } = await makeVariant(source, planVariant(random, random() < 0.5));
  const quality = 70 + Math.floor(random() * 23);
  const file = await sharp(bytes).resize(width, height, { fit: 'cover' }).toFormat(format, { quality }).toBuffer();
  return { bytes: new Uint8Array(file), format, width, height };
}
