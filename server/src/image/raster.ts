/** A color in linear light: red, green, blue. 1 is white, and more is brighter than white. */
export type Light = readonly [red: number, green: number, blue: number];

/** A picture in progress, in linear light: `[height, width, 3]` in rows. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
}

/** The size of a drawn photo, which is the larger of the sizes that dating pages serve. */
const PHOTO_SIZE = { width: 640, height: 800 } as const;

/** Creates a black picture of the size of a photo. */
export function newRaster(): Raster {
  const { width, height } = PHOTO_SIZE;
  return { width, height, light: new Float32Array(width * height * 3) };
}

/** Sets the pixel whose first value is at index `at`. */
export function put(light: Float32Array, at: number, red: number, green: number, blue: number): void {
  light[at] = red;
  light[at + 1] = green;
  light[at + 2] = blue;
}

/** Interpolates from `a` (share 0) to `b` (share 1). */
export const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

/** Returns 0 below `low`, 1 above `high`, and an S-curve in between (Hermite). */
export function ramp(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}
