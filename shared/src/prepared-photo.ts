import { DECODED_SIZE, type ResizeMode } from './photo.ts';

// A client can prepare a photo itself: it makes the gray levels that the server's decoder would make, and sends those.
// What both sides must agree on is here. docs/server.md describes it for other clients.

/** The content type of a prepared photo's part in a form, without its parameters. */
export const PREPARED_TYPE = 'application/x-swipenet-gray';

/** The version of the preparation. Increase it when the same photo is to become other gray levels. */
export const PREPARED_VERSION = 1;

/** The size of a prepared photo: `[256, 256]` gray levels in rows, one byte each. */
export const PREPARED_BYTES = DECODED_SIZE ** 2;

/** Rec. 601 luma: the weights of red, green and blue in thousandths. JPEG, DIGITS and the article use the same gray. */
export const LUMA = { red: 299, green: 587, blue: 114 } as const;

/** The level of red, green and blue that shows through where a photo is transparent: white. */
export const BACKGROUND_LEVEL = 255;

/** The most pixels of a photo that a client prepares. For larger photos, the server's decoder is faster. */
export const MAX_PREPARED_PIXELS = 6_000_000;

/**
 * The resize mode of the network that describes photos for learning. A photo that was prepared in another mode can be
 * scored but not learned from.
 */
export const LEARNING_RESIZE_MODE: ResizeMode = 'cover';

/** How a photo was prepared, as the parameters of its content type say. */
export interface Preparation {
  readonly resize: ResizeMode;
  /** True if the gray levels are compressed. They must take fewer bytes than without. */
  readonly gzip: boolean;
}

/** Returns the content type of a prepared photo's part, with its parameters. */
export const preparedType = ({ resize, gzip }: Preparation): string =>
  `${PREPARED_TYPE};v=${PREPARED_VERSION};resize=${resize}${gzip ? ';encoding=gzip' : ''}`;
