import { drawPicture, SCENES, type SceneName } from '@swipenet/server/pictures/draw-photo.ts';
import sharp from 'sharp';

/** Pictures a scene; the benchmark's photos are made of these, each copy with bytes of its own. */
const PICTURES_A_SCENE = 2;

/** Where a stamped file holds its number: after SOI, and the marker and length of a comment segment. */
const NUMBER_AT = 6;

/** Draws the benchmark's photos: 800 × 1000 JPEGs of the size that dating pages send, each with room for a number. */
export function benchPhotos(): Promise<Uint8Array[]> {
  const plans = (Object.keys(SCENES) as SceneName[]).flatMap((scene) =>
    Array.from({ length: PICTURES_A_SCENE }, (_, seed) => ({ scene, seed, faults: [] })),
  );
  return Promise.all(
    plans.map(async (plan) => {
      const { width, height, pixels } = await drawPicture(plan);
      const file = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .resize(800, 1000, { fit: 'cover' })
        .jpeg({ quality: 85 })
        .toBuffer();
      return stampable(file);
    }),
  );
}

/** A JPEG with a comment segment of eight bytes in it (ITU-T T.81, B.2.4.5), which no decoder looks at. */
function stampable(jpeg: Uint8Array): Uint8Array {
  const comment = Uint8Array.of(0xff, 0xfe, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0);
  return Uint8Array.from([...jpeg.subarray(0, 2), ...comment, ...jpeg.subarray(2)]);
}

/** Writes a number into the photo that begins at `offset`: the same picture, in bytes that no other photo has. */
export function stamp(bytes: Buffer, offset: number, number: number): void {
  bytes.writeDoubleBE(number, offset + NUMBER_AT);
}
