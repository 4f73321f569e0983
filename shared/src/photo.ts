/** Side in pixels of the square that every photo becomes (the article's 256 × 256). */
export const DECODED_SIZE = 256;

/** Side in pixels of what the network sees of that square: its centre in serving, anywhere in training (the article's crop). */
export const CROP_SIZE = 224;

/** Side of the class activation map: the positions of GoogLeNet's last map for a photo of that size. */
export const EVIDENCE_SIDE = 7;

/**
 * How a photo becomes a square: `cover` keeps its proportions and cuts what hangs over, centred; `squash` keeps
 * everything and gives up the proportions (what the article's DIGITS does by default).
 */
export const RESIZE_MODES = ['cover', 'squash'] as const;

/** See {@link RESIZE_MODES}. */
export type ResizeMode = (typeof RESIZE_MODES)[number];
