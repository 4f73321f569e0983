/** Width and height in pixels of the square that every photo is resized to (256 × 256 in the article). */
export const DECODED_SIZE = 256;

/**
 * Width and height in pixels of the network's input: the center of that square when serving, a random crop when
 * training.
 */
export const CROP_SIZE = 224;

/**
 * Width and height of the class activation map, which is GoogLeNet's last feature map for an input of
 * {@link CROP_SIZE}.
 */
export const EVIDENCE_SIDE = 7;

/**
 * How a photo becomes a square. `cover` keeps the proportions and crops the longer side around the center. `squash`
 * keeps the whole photo and changes the proportions, which is the default of the article's DIGITS.
 */
export const RESIZE_MODES = ['cover', 'squash'] as const;

export type ResizeMode = (typeof RESIZE_MODES)[number];
