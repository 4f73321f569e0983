import { CROP_SIZE, DECODED_SIZE, EVIDENCE_SIDE, type ResizeMode } from './photo.ts';

/**
 * The evidence of a photo: 7 rows of 7 logits, one after the other. A value above 0 suggests LIKE, one below 0 NOPE.
 * Their mean plus a constant of the model is the difference of the photo's two logits.
 */
export type EvidenceMap = readonly number[];

/** A color as lightness, green to red, and blue to yellow in OKLab (Ottosson 2020), where equal distances look equal. */
type OkLab = readonly [lightness: number, a: number, b: number];

// NOPE is orange, nothing is gray, LIKE is blue. The lightness falls all the way, so that the order also shows without
// colors. Both ends are equally far from the gray.
const NOPE: OkLab = [0.74, 0.07, 0.1212];
const NOTHING: OkLab = [0.6, 0, 0];
const LIKE: OkLab = [0.46, -0.0362, -0.1352];

/** Evidence below this many logits counts as weak, so that a photo that says nothing isn't drawn in strong colors. */
const LEAST_SCALE = 1;

/** Returns the evidence, in logits, that gets the strongest color: the largest of all maps, so that photos compare. */
export const heatScale = (maps: readonly EvidenceMap[]): number => Math.max(LEAST_SCALE, ...maps.flat().map(Math.abs));

/**
 * Returns the color of a share of the scale, from −1 (NOPE) to 1 (LIKE), as red, green and blue from 0 to 255. Equal steps
 * of the share are equal steps in OKLab.
 */
export function heatColor(share: number): readonly [red: number, green: number, blue: number] {
  const strength = Math.min(1, Math.abs(share));
  const end = share < 0 ? NOPE : LIKE;
  const [lightness, a, b] = NOTHING.map((from, at) => from + (end[at]! - from) * strength) as [number, number, number];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toSrgb(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    toSrgb(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    toSrgb(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** Linear light from 0 to 1 as a level from 0 to 255 (IEC 61966-2-1). */
const toSrgb = (light: number) =>
  Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));

/** Returns the color scale from NOPE to LIKE as a CSS image. */
export const heatGradient = (): string =>
  `linear-gradient(in oklab to right,${[-1, 0, 1].map((share) => `rgb(${heatColor(share).join(' ')})`).join()})`;

/** Colors an evidence map as opaque RGBA `[7, 7, 4]`. `scale` is the evidence that gets the strongest color. */
export function heatPixels(evidence: EvidenceMap, scale: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * EVIDENCE_SIDE ** 2);
  for (const [at, logit] of evidence.entries()) pixels.set([...heatColor(logit / scale), 255], 4 * at);
  return pixels;
}

/** Writes evidence for people: `+0.82`, or `−0.31` with a minus sign. */
export function signedLogit(logit: number): string {
  const size = Math.abs(logit).toFixed(2);
  return size === '0.00' ? size : `${logit < 0 ? '−' : '+'}${size}`;
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
