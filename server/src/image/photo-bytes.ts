import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';

declare const kind: unique symbol;

/** Bytes that the compiler keeps apart from bytes of another kind. */
type Marked<Kind extends string, Buffer extends ArrayBufferLike = ArrayBufferLike> = Uint8Array<Buffer> & {
  readonly [kind]: Kind;
};

/** A photo as it was saved or sent: what should be a JPEG, PNG, WebP or AVIF. */
export type EncodedPhoto<Buffer extends ArrayBufferLike = ArrayBufferLike> = Marked<'encoded photo', Buffer>;

/** A decoded photo: `[256, 256]` gray levels in rows. */
export type GrayLevels = Marked<'gray levels'>;

/** What the network sees of a decoded photo: `[224, 224]` gray levels in rows. */
export type PhotoCrop = Marked<'crop'>;

/** Crops one after the other, as the network takes them: `[N, 1, 224, 224]`. */
export type CropBatch = Marked<'crops'>;

/** Bytes of one {@link PhotoCrop}. */
export const CROP_BYTES = CROP_SIZE ** 2;

/** Bytes that come in as a photo; decoding finds out whether they are one. */
export const encodedPhoto = <Buffer extends ArrayBufferLike>(bytes: Uint8Array<Buffer>): EncodedPhoto<Buffer> =>
  bytes as EncodedPhoto<Buffer>;

/** Decoded levels; by default all black, to be filled. @throws RangeError for another number of bytes. */
export const grayLevels = (bytes: Uint8Array = new Uint8Array(DECODED_SIZE ** 2)): GrayLevels =>
  ofLength(bytes, DECODED_SIZE ** 2) as GrayLevels;

/** A crop; by default all black, to be filled. @throws RangeError for another number of bytes. */
export const photoCrop = (bytes: Uint8Array = new Uint8Array(CROP_BYTES)): PhotoCrop =>
  ofLength(bytes, CROP_BYTES) as PhotoCrop;

/** A batch of crops. */
export function cropBatch(crops: readonly PhotoCrop[]): CropBatch {
  const batch = new Uint8Array(crops.length * CROP_BYTES);
  for (const [index, crop] of crops.entries()) batch.set(crop, index * CROP_BYTES);
  return batch as CropBatch;
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${bytes.length} gray levels where ${length} are expected`);
  return bytes;
}
