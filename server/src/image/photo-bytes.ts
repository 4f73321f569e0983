import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { Preparation } from '@swipenet/shared/prepared-photo.ts';

declare const kind: unique symbol;

/** Bytes that the compiler distinguishes from other kinds of bytes. */
type Marked<Kind extends string, Buffer extends ArrayBufferLike = ArrayBufferLike> = Uint8Array<Buffer> & {
  readonly [kind]: Kind;
};

/** A photo as it was saved or sent: supposedly a JPEG, PNG, WebP or AVIF. */
export type EncodedPhoto<Buffer extends ArrayBufferLike = ArrayBufferLike> = Marked<'encoded photo', Buffer>;

/** A photo that its sender has prepared: supposedly gray levels, perhaps compressed. */
export interface PreparedPhoto extends Preparation {
  readonly bytes: Uint8Array;
}

/** A photo as a client sends it. */
export type ReceivedPhoto = EncodedPhoto | PreparedPhoto;

/** Tells a prepared photo from one as it was saved. */
export const isPrepared = (photo: Uint8Array | PreparedPhoto): photo is PreparedPhoto => !(photo instanceof Uint8Array);

/** Returns the bytes of a photo as they were sent. */
export const sentBytes = (photo: ReceivedPhoto): Uint8Array => (isPrepared(photo) ? photo.bytes : photo);

/** A decoded photo: `[256, 256]` gray levels in rows. */
export type GrayLevels = Marked<'gray levels'>;

/** The part of a decoded photo that the network sees: `[224, 224]` gray levels in rows. */
export type PhotoCrop = Marked<'crop'>;

/** Consecutive crops, the network's input: `[N, 1, 224, 224]`. */
export type CropBatch = Marked<'crops'>;

/** Number of bytes in a {@link PhotoCrop}. */
const CROP_BYTES = CROP_SIZE ** 2;

/** Marks incoming bytes as a photo. Decoding finds out whether they are one. */
export const encodedPhoto = <Buffer extends ArrayBufferLike>(bytes: Uint8Array<Buffer>): EncodedPhoto<Buffer> =>
  bytes as EncodedPhoto<Buffer>;

/** Marks gray levels of a decoded photo. Default: black, to be filled in. @throws RangeError for a wrong length. */
export const grayLevels = (bytes: Uint8Array = new Uint8Array(DECODED_SIZE ** 2)): GrayLevels =>
  ofLength(bytes, DECODED_SIZE ** 2) as GrayLevels;

/** Marks gray levels of a crop. Default: black, to be filled in. @throws RangeError for a wrong length. */
export const photoCrop = (bytes: Uint8Array = new Uint8Array(CROP_BYTES)): PhotoCrop =>
  ofLength(bytes, CROP_BYTES) as PhotoCrop;

/** Concatenates crops into a batch. */
export function cropBatch(crops: readonly PhotoCrop[]): CropBatch {
  const batch = new Uint8Array(crops.length * CROP_BYTES);
  for (const [index, crop] of crops.entries()) batch.set(crop, index * CROP_BYTES);
  return batch as CropBatch;
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`expected ${length} gray levels, got ${bytes.length}`);
  return bytes;
}
