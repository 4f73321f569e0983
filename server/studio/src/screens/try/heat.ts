import { CROP_SIZE, DECODED_SIZE, EVIDENCE_SIDE, type ResizeMode } from '@swipenet/shared/photo.ts';

/** The colors of evidence for LIKE and for NOPE, which people who don't tell red from green tell apart. */
const COLORS = { like: [37, 99, 235], nope: [234, 88, 12] } as const;

/** The opacity of the strongest evidence, of 255. */
const STRONGEST = 190;

/** Evidence below this many logits counts as weak, so that a photo that says nothing isn't drawn in strong colors. */
const LEAST_SCALE = 1;

/** Returns the evidence, in logits, that gets the strongest color: the largest of all maps, so that photos compare. */
export const heatScale = (maps: readonly (readonly (readonly number[])[])[]): number =>
  Math.max(LEAST_SCALE, ...maps.flat(2).map(Math.abs));

/** Colors an evidence map, 7 rows of 7 logits, as RGBA `[7, 7, 4]`: the sign is the color, the size is the opacity. */
export function heatPixels(evidence: readonly (readonly number[])[], scale: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * EVIDENCE_SIDE ** 2);
  for (const [at, logit] of evidence.flat().entries()) {
    const [red, green, blue] = logit >= 0 ? COLORS.like : COLORS.nope;
    pixels.set([red, green, blue, STRONGEST * Math.min(1, Math.abs(logit) / scale)], 4 * at);
  }
  return pixels;
}

/** A rectangle in a photo's own pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the part of a photo that the network sees: the center crop of the square that the photo is resized to. */
export function seenArea(width: number, height: number, resize: ResizeMode): Area {
  const share = CROP_SIZE / DECODED_SIZE;
  const side = Math.min(width, height);
  const [seenWidth, seenHeight] = resize === 'cover' ? [side * share, side * share] : [width * share, height * share];
  return { x: (width - seenWidth) / 2, y: (height - seenHeight) / 2, width: seenWidth, height: seenHeight };
}
