import { between, type Random } from '@swipenet/shared/random.ts';

/** Part of a picture, and how to change it. The part is squashed to a square. */
export interface CropPlan {
  /** In pixels of the picture. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  readonly light: Light;
}

/** Changes of color and light. Each is a factor, and 1 changes nothing. */
export interface Light {
  readonly brightness: number;
  /** Around the crop's own mean. */
  readonly contrast: number;
  readonly gamma: number;
  readonly saturation: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const AREA = { low: 0.35, high: 1 };
const ASPECT = { low: 3 / 4, high: 4 / 3 };

/** A picture with a longer short side also gets crops of details. */
const LARGE_SIDE = 700;

/** The sides of details, in pixels of the picture. */
const DETAIL_SIDE = { low: 224, high: 700 };

const BRIGHTNESS = 0.25;
const CONTRAST = 0.2;
const SATURATION = 0.2;
const GAMMA = 1.15;

const NEUTRAL: Light = { brightness: 1, contrast: 1, gamma: 1, saturation: 1 };

/** The share of each side that serving keeps: 224 of 256 pixels. */
const SERVED_SHARE = 224 / 256;

/** Returns the part of a picture that serving sees. */
export function servedCrop({ width, height }: Size): CropPlan {
  const [w, h] = [width * SERVED_SHARE, height * SERVED_SHARE];
  return { left: (width - w) / 2, top: (height - h) / 2, width: w, height: h, mirrored: false, light: NEUTRAL };
}

/** Plans a random crop. Always draws the same number of random numbers. */
export function randomColorCrop(random: Random, { width, height }: Size): CropPlan {
  const detail = random() < 0.5 && Math.min(width, height) > LARGE_SIDE;
  const share = between(random, AREA.low, AREA.high);
  const logSide = between(random, Math.log(DETAIL_SIDE.low), Math.log(DETAIL_SIDE.high));
  const area = detail ? Math.exp(2 * logSide) : share * width * height;
  // Between a square and the picture's own shape, because serving squashes whole photos to a square.
  const squash = random();
  const own = detail ? 1 : (width / height) ** squash;
  const aspect = own * Math.exp(between(random, Math.log(ASPECT.low), Math.log(ASPECT.high)));
  const w = Math.min(width, Math.sqrt(area * aspect));
  const h = Math.min(height, Math.sqrt(area / aspect));
  return {
    ...{ left: random() * (width - w), top: random() * (height - h), width: w, height: h },
    mirrored: random() < 0.5,
    light: {
      brightness: 1 + between(random, -BRIGHTNESS, BRIGHTNESS),
      contrast: 1 + between(random, -CONTRAST, CONTRAST),
      gamma: Math.exp(between(random, -Math.log(GAMMA), Math.log(GAMMA))),
      saturation: 1 + between(random, -SATURATION, SATURATION),
    },
  };
}

/** Rec. 601 luma, the gray of serving. */
export const LUMA = { red: 0.299, green: 0.587, blue: 0.114 } as const;

/** Steps of the tone curve for each of the 256 levels. */
const CURVE_STEPS = 4;

/** Gamma, contrast around `mean`, and brightness, as a table from levels 0–255. */
function toneCurve({ brightness, contrast, gamma }: Light, mean: number): Float32Array {
  return Float32Array.from({ length: 255 * CURVE_STEPS + 1 }, (_, step) => {
    const level = 255 * (step / (255 * CURVE_STEPS)) ** gamma;
    return Math.min(255, Math.max(0, ((level - mean) * contrast + mean) * brightness));
  });
}

/**
 * Writes a crop as the student and as the teacher see it.
 *
 * @param rgb levels 0–255, `[side, side, 3]`.
 * @param gray receives the luma minus `mean`, `[side, side]`.
 * @param color receives blue, green and red minus their `means`, `[3, side, side]`.
 */
export function developCrop(
  rgb: Float32Array,
  light: Light,
  { mean, means }: { readonly mean: number; readonly means: readonly number[] },
  gray: Float32Array,
  color: Float32Array,
): void {
  const area = rgb.length / 3;
  let sum = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    sum += LUMA.red * rgb[at]! + LUMA.green * rgb[at + 1]! + LUMA.blue * rgb[at + 2]!;
  }
  const curve = toneCurve(light, sum / area);
  const { saturation } = light;
  const tone = (level: number) => curve[Math.min(curve.length - 1, Math.max(0, Math.round(level * CURVE_STEPS)))]!;
  const [meanBlue, meanGreen, meanRed] = means as [number, number, number];
  for (let pixel = 0, at = 0; pixel < area; pixel += 1, at += 3) {
    const luma = LUMA.red * rgb[at]! + LUMA.green * rgb[at + 1]! + LUMA.blue * rgb[at + 2]!;
    const red = tone(luma + saturation * (rgb[at]! - luma));
    const green = tone(luma + saturation * (rgb[at + 1]! - luma));
    const blue = tone(luma + saturation * (rgb[at + 2]! - luma));
    gray[pixel] = LUMA.red * red + LUMA.green * green + LUMA.blue * blue - mean;
    color[pixel] = blue - meanBlue;
    color[area + pixel] = green - meanGreen;
    color[2 * area + pixel] = red - meanRed;
  }
}
