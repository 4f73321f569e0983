import { between, pick, type Random } from '@swipenet/shared/random.ts';
import { type Light, mix, put, type Raster, ramp } from '../../image/raster.ts';
import { fractal } from '../noise.ts';

/** The light at a time of day: the colors of the sky and of the sunlight. */
export interface Hour {
  readonly zenith: Light;
  readonly horizon: Light;
  readonly sun: Light;
  /** Light from the whole sky. */
  readonly ambient: Light;
  /** The sine of the sun's angle above the horizon. */
  readonly sunHeight: number;
}

/** Times of day, from a clear morning to dusk. */
export const HOURS = {
  morning: {
    zenith: [0.1, 0.24, 0.55],
    horizon: [0.62, 0.72, 0.85],
    sun: [1.5, 1.3, 1.0],
    ambient: [0.2, 0.25, 0.34],
    sunHeight: 0.42,
  },
  noon: {
    zenith: [0.07, 0.2, 0.52],
    horizon: [0.52, 0.68, 0.88],
    sun: [1.55, 1.45, 1.25],
    ambient: [0.2, 0.25, 0.33],
    sunHeight: 0.7,
  },
  golden: {
    zenith: [0.12, 0.2, 0.42],
    horizon: [1.0, 0.62, 0.3],
    sun: [1.7, 1.0, 0.48],
    ambient: [0.17, 0.18, 0.26],
    sunHeight: 0.22,
  },
  dusk: {
    zenith: [0.05, 0.07, 0.2],
    horizon: [0.9, 0.34, 0.18],
    sun: [1.1, 0.5, 0.28],
    ambient: [0.1, 0.1, 0.18],
    sunHeight: 0.1,
  },
} as const satisfies Record<string, Hour>;

/** A sky: its time of day, the sun's position in the picture, and the clouds. */
export interface Sky {
  readonly hour: Hour;
  readonly sunX: number;
  readonly sunY: number;
  /** Cloud cover, from 0 (clear) to 1 (overcast). */
  readonly cover: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** Makes a random sky whose horizon is at the given row. */
export function randomSky(random: Random, { width }: Raster, horizon: number, hours: readonly [Hour, ...Hour[]]): Sky {
  const hour = pick(random, hours);
  return {
    hour,
    sunX: between(random, -0.1, 1.1) * width,
    sunY: horizon - hour.sunHeight * between(random, 0.5, 1) * 620,
    cover: between(random, 0.25, 0.7),
    offsetX: random() * 512,
    offsetY: random() * 512,
  };
}

/** The brightness of the sun and its glow by distance from its center, in pixels. */
const GLOW = Float32Array.from(
  { length: 1100 },
  (_, pixels) => 0.5 * Math.exp(-pixels / 190) + 0.9 * Math.exp(-pixels / 38) + 1.6 * Math.exp(-((pixels / 17) ** 2)),
);

/** Draws a sky from the top down to a row: gradient, glow, sun, and a ceiling of clouds lit from the sun's side. */
export function drawSky({ width, light }: Raster, sky: Sky, horizon: number): void {
  const { hour, sunX, sunY, cover, offsetX, offsetY } = sky;
  const { zenith, horizon: low, sun, ambient } = hour;
  for (let y = 0; y < horizon; y += 1) {
    const up = (horizon - y) / horizon;
    const haze = (1 - up) ** 2.2;
    // The cloud ceiling in perspective: the closer to the horizon, the more of it falls on a pixel.
    const distance = 46 / (up + 0.12);
    const fade = ramp(0.02, 0.3, up);
    for (let x = 0; x < width; x += 1) {
      const fromSun = Math.sqrt((x - sunX) ** 2 + (y - sunY) ** 2);
      const glow = GLOW[fromSun | 0] ?? 0;
      let red = mix(zenith[0], low[0], haze) + sun[0] * glow;
      let green = mix(zenith[1], low[1], haze) + sun[1] * glow;
      let blue = mix(zenith[2], low[2], haze) + sun[2] * glow * 0.9;
      const cloudX = offsetX + ((x - width / 2) * distance) / 330;
      const cloudY = offsetY + distance * 2.1;
      const thick = fractal(cloudX, cloudY) * 0.72 + fractal(cloudX * 4.7, cloudY * 4.7) * 0.28;
      const cloud = ramp(0.72 - 0.42 * cover, 0.95 - 0.3 * cover, thick) * fade;
      if (cloud > 0) {
        const towards = fractal(cloudX + (sunX - x) * 0.012, cloudY + (sunY - y) * 0.012);
        const lit = Math.min(1.1, Math.max(0.04, 0.6 + (thick - towards) * 2.4 - cloud * 0.3));
        const opacity = cloud * 0.94;
        red = mix(red, ambient[0] * 1.1 + sun[0] * 0.62 * lit + low[0] * 0.16, opacity);
        green = mix(green, ambient[1] * 1.1 + sun[1] * 0.62 * lit + low[1] * 0.16, opacity);
        blue = mix(blue, ambient[2] * 1.1 + sun[2] * 0.62 * lit + low[2] * 0.16, opacity);
      }
      put(light, (y * width + x) * 3, red, green, blue);
    }
  }
}
