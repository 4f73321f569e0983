/** Limits for one photo. Their size in bytes is checked earlier, where they come in. */
export const PHOTO_LIMITS = { minSide: 32, maxPixels: 50_000_000, decodeTimeoutS: 10 } as const;
