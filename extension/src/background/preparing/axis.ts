import { DECODED_SIZE, type ResizeMode } from '@swipenet/shared/photo.ts';
import type { PreparableType } from './preparable-type.ts';

// The server resizes a photo with libvips, through sharp. It does so in two steps: while it decodes, libjpeg averages
// squares of 2, 4 or 8 pixels and libwebp averages areas, and then libvips reduces the rest with a Lanczos kernel. Both
// steps are weighted sums along rows and columns, so together they are one weighted sum along each axis.
// `npm run bench -- prepared` measures how well this agrees with the server.

/** How the pixels along one axis of a photo become the 256 pixels of the square. */
export interface Axis {
  /** Of each pixel of the square, the first pixel of the photo that it takes: `[256]`. */
  readonly first: Int32Array;
  /** How many pixels of the photo each one takes. Some weights are 0. */
  readonly taps: number;
  /** The weights of those pixels: `[256, taps]`. Each row adds up to 1. */
  readonly weights: Float32Array;
}

/** One axis of a photo: its length, and what becomes of it while the photo is decoded. */
interface Loading {
  readonly pixels: number;
  /** The length of the decoded photo. */
  readonly loaded: number;
  /** How many of the photo's pixels are averaged to one. */
  readonly area: number;
}

/** The photo's width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest reduction that is done with Lanczos alone. Beyond it, libvips adds a step of its own. */
const MAX_REDUCTION = 4;

/** Lanczos with three lobes. */
const LOBES = 3;

/**
 * Returns how a photo becomes the square as the server makes it, for each axis.
 *
 * @returns undefined for a photo that is smaller than the square or has extreme proportions. The server resizes those in
 *   other ways.
 */
export function planResize(
  { width, height }: Size,
  type: PreparableType,
  mode: ResizeMode,
): { readonly x: Axis; readonly y: Axis } | undefined {
  const shrink = Math.min(width, height) / DECODED_SIZE; // in either mode, decoding shrinks both axes by the smaller one
  if (shrink < 1) return undefined;
  const load = type === 'jpeg' ? loadJpeg(shrink) : loadWebp(shrink);
  const [x, y] = [load(width), load(height)];
  const common = Math.min(x.loaded, y.loaded) / DECODED_SIZE;
  const reductionOf = ({ loaded }: Loading) => (mode === 'cover' ? common : loaded / DECODED_SIZE);
  if (Math.max(reductionOf(x), reductionOf(y)) >= MAX_REDUCTION) return undefined;
  return { x: axisOf(x, reductionOf(x)), y: axisOf(y, reductionOf(y)) };
}

/**
 * sharp has libjpeg shrink by a power of two, and by a smaller one where libjpeg's rounding would show. libvips drops
 * what doesn't fill a pixel.
 */
function loadJpeg(shrink: number): (pixels: number) => Loading {
  const largest = [8, 4, 2].find((area) => shrink >= area) ?? 1;
  const area = largest > 1 && Math.floor(shrink) === largest ? largest / 2 : largest;
  return (pixels) => ({ pixels, loaded: Math.floor(pixels / area), area });
}

/** libwebp shrinks as far as both axes allow. */
const loadWebp =
  (shrink: number) =>
  (pixels: number): Loading => {
    const loaded = Math.round(pixels / shrink);
    return { pixels, loaded, area: pixels / loaded };
  };

/** Returns the weights along one axis, with what exceeds the square cut off equally at both ends. */
function axisOf({ pixels, loaded, area }: Loading, reduction: number): Axis {
  const whole = Math.round(loaded / reduction);
  const cutOff = Math.floor((whole - DECODED_SIZE + 1) / 2);
  const moved = (whole * reduction - loaded) / 2; // a fraction of a pixel that rounding adds or takes is spread equally
  const reach = reduction === 1 ? 0 : Math.round(LOBES * reduction);
  const taps = Math.min(pixels, Math.ceil((2 * reach + 1) * area) + 1);
  const first = new Int32Array(DECODED_SIZE);
  const weights = new Float32Array(DECODED_SIZE * taps);
  for (let at = 0; at < DECODED_SIZE; at += 1) {
    const center = (at + cutOff + 0.5) * reduction - moved;
    const lowest = Math.floor(center) - reach;
    const begin = Math.min(Math.floor(Math.max(0, lowest) * area), pixels - taps);
    first[at] = begin;
    const own = weights.subarray(at * taps, (at + 1) * taps);
    for (const [place, weight] of lanczos(lowest, reach, center, reduction).entries()) {
      const inside = Math.min(loaded - 1, Math.max(0, lowest + place)); // beyond an edge, its pixels are repeated
      addArea(own, begin, weight, inside * area, Math.min((inside + 1) * area, pixels));
    }
  }
  return { first, taps, weights };
}

/** Returns the weights of the decoded pixels from the lowest one on, around a center. They add up to 1. */
function lanczos(lowest: number, reach: number, center: number, reduction: number): Float64Array {
  const weights = new Float64Array(2 * reach + 1);
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) {
    weights[at] = reach === 0 ? 1 : kernel((lowest + at + 0.5 - center) / reduction);
    sum += weights[at]!;
  }
  for (let at = 0; at < weights.length; at += 1) weights[at]! /= sum;
  return weights;
}

function kernel(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** Spreads a weight over the pixels of the photo from `begin` to `end`, which may be parts of pixels. */
function addArea(weights: Float32Array, first: number, weight: number, begin: number, end: number): void {
  const each = weight / (end - begin);
  for (let at = Math.floor(begin); at < end; at += 1) {
    weights[at - first]! += each * (Math.min(at + 1, end) - Math.max(at, begin));
  }
}
