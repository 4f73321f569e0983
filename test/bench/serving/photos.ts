import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { drawPicture, SCENES, type SceneName } from '@swipenet/server/pictures/draw-photo.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import sharp from 'sharp';

/** Pictures per scene. The benchmark's photos are copies of these, each with different bytes. */
const PICTURES_PER_SCENE = 2;

/** Offset of a stamped file's number: after SOI, and the marker and length of a comment segment. */
const NUMBER_AT = 6;

const ALL_SCENES = Object.keys(SCENES) as SceneName[];

/** Draws the benchmark's photos: 800 × 1000 JPEGs, a typical size on dating pages, each with room for a number. */
export function benchPhotos(scenes: readonly SceneName[] = ALL_SCENES): Promise<Uint8Array[]> {
  const plans = scenes.flatMap((scene) =>
    Array.from({ length: PICTURES_PER_SCENE }, (_, seed) => ({ scene, seed, faults: [] })),
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

/** Adds a comment segment of eight bytes to a JPEG (ITU-T T.81, B.2.4.5). Decoders ignore it. */
function stampable(jpeg: Uint8Array): Uint8Array {
  const comment = Uint8Array.of(0xff, 0xfe, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0);
  return Uint8Array.from([...jpeg.subarray(0, 2), ...comment, ...jpeg.subarray(2)]);
}

/** Prepares photos as a client can. Of such a photo, {@link stamp} changes only pixels that the network doesn't see. */
export const preparedPhotos = (photos: readonly Uint8Array[], resize: ResizeMode): Promise<Uint8Array[]> =>
  Promise.all(photos.map((bytes) => decodePhoto(encodedPhoto(bytes), resize)));

/** Writes a number into the photo at `offset`. The picture stays the same, but no other photo has the same bytes. */
export function stamp(bytes: Buffer, offset: number, number: number): void {
  bytes.writeDoubleBE(number, offset + NUMBER_AT);
}
