/** Pixels as libvips returns them: `[height, width, channels]`, the last of 2 or 4 channels being opacity. */
export interface RawPixels {
  readonly pixels: Uint8Array;
  readonly channels: number;
}

/** A color behind a photo, from 0 to 255. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** Which channels have levels from 16 to 235 instead of 0 to 255, as in video. */
export interface LimitedChannels {
  readonly color: boolean;
  readonly opacity: boolean;
}

/** What each level from 0 to 255 stands for if black is 16 and white is 235. */
const EXPANDED = Uint8ClampedArray.from({ length: 256 }, (_, level) => ((level - 16) * 255) / 219);

/** Expands levels from 16 to 235 to all levels. */
export function expanded({ pixels, channels }: RawPixels, limited: LimitedChannels): RawPixels {
  const colors = colorsIn(channels);
  const full = Uint8Array.from(pixels);
  for (let at = 0; at < full.length; at += 1) {
    if (at % channels < colors ? limited.color : limited.opacity) full[at] = EXPANDED[full[at]!]!;
  }
  return { pixels: full, channels };
}

/** Puts pixels in front of a background, level by level, as a canvas does. Returns 1 or 3 channels. */
export function inFrontOf({ r, g, b }: Rgb, { pixels, channels }: RawPixels): RawPixels {
  const colors = colorsIn(channels);
  if (channels === colors) return { pixels, channels };
  const opaque = new Uint8Array((pixels.length / channels) * 3);
  for (let at = 0, into = 0; at < pixels.length; at += channels, into += 3) {
    const opacity = pixels[at + colors]! / 255;
    for (const [color, behind] of [r, g, b].entries()) {
      opaque[into + color] = Math.round(pixels[at + (color % colors)]! * opacity + behind * (1 - opacity));
    }
  }
  return { pixels: opaque, channels: 3 };
}

const colorsIn = (channels: number) => (channels < 3 ? 1 : 3);

/** Turns four inks into colors as browsers do where no profile says more: each color is what two inks let through. */
export function inksToRgb(inks: Uint8Array): RawPixels {
  const pixels = new Uint8Array((inks.length / 4) * 3);
  for (let at = 0, into = 0; at < inks.length; at += 4, into += 3) {
    const unprinted = 255 - inks[at + 3]!;
    for (let ink = 0; ink < 3; ink += 1) pixels[into + ink] = Math.round(((255 - inks[at + ink]!) * unprinted) / 255);
  }
  return { pixels, channels: 3 };
}
