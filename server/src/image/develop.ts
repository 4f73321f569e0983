import { type Random, seededRandom } from '@swipenet/shared/random.ts';
import { mix, type Raster } from './raster.ts';

/** A finished picture: 8 bits per channel, sRGB, `[height, width, 3]` in rows. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Number of steps of the tone curve, for light from 0 to 4. */
const CURVE_STEPS = 4096;
const CURVE_END = 4;

const curve = Uint8Array.from({ length: CURVE_STEPS }, (_, step) => {
  const light = (step / CURVE_STEPS) * CURVE_END;
  const film = 1 - Math.exp(-1.35 * light); // highlights roll off like on film and never clip hard
  const tone = Math.min(1, film * 1.03) ** (1 / 2.2);
  return Math.round(255 * mix(tone, tone * tone * (3 - 2 * tone), 0.75)); // an S-curve: deep shadows, bright highlights
});

/** Develops light into a picture like a camera: exposure, vignetting, tone curve, a little grain. */
export function develop({ width, height, light }: Raster, random: Random): Picture {
  const pixels = new Uint8Array(light.length);
  const gain = (exposure(light) * CURVE_STEPS) / CURVE_END;
  const grain = grainTable(random);
  let dust = Math.floor(random() * grain.length);
  for (let y = 0, at = 0; y < height; y += 1) {
    const offY = (y / height - 0.5) ** 2;
    for (let x = 0; x < width; x += 1) {
      const scale = gain * (1 - 1.1 * (offY + (x / width - 0.5) ** 2));
      dust = (dust + 1) % grain.length;
      for (const end = at + 3; at < end; at += 1) {
        const step = Math.min(CURVE_STEPS - 1, Math.max(0, light[at]! * scale)) | 0;
        pixels[at] = Math.min(255, Math.max(0, curve[step]! + grain[dust]!));
      }
    }
  }
  return { width, height, pixels };
}

/** Returns the factor that moves a picture's mean light halfway, in stops, to a light meter's target. */
function exposure(light: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 1; at < light.length; at += 3 * 41) {
    sum += Math.min(1.2, light[at]!);
    count += 1;
  }
  return Math.sqrt(0.3 / Math.max(0.02, sum / count));
}

function grainTable(random: Random): Int8Array {
  const own = seededRandom(Math.floor(random() * 2 ** 32));
  return Int8Array.from({ length: 9973 }, () => Math.round((own() + own() + own() - 1.5) * 2.6));
}
