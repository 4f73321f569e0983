import { between, pick, type Random } from '@swipenet/shared/random.ts';
import { type Light, type Raster, ramp } from '../../image/raster.ts';

/** A lamp far out of focus, which the lens turns into a disc. */
interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: Light;
}

const COLORS: readonly [Light, ...Light[]] = [
  [1.0, 0.62, 0.25],
  [0.95, 0.75, 0.45],
  [0.85, 0.35, 0.2],
  [0.35, 0.5, 0.8],
];

/** Places the lamps of an evening street behind a window, in the upper half of the picture. */
export function placeLights(random: Random, { width, height }: Raster): Disc[] {
  return Array.from({ length: 20 + Math.floor(random() * 14) }, () => {
    const color = pick(random, COLORS);
    const strength = between(random, 0.12, 0.55);
    return {
      x: random() * width,
      y: (random() ** 0.8 * 0.5 - 0.02) * height,
      radius: between(random, 18, 46),
      color: [color[0] * strength, color[1] * strength, color[2] * strength],
    };
  });
}

/** Adds discs of light above a row. Each is a little brighter at its rim. */
export function drawLights({ width, light }: Raster, discs: readonly Disc[], end: number) {
  for (const { x, y, radius, color } of discs) {
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(end, y + radius); row += 1) {
      for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(width, x + radius); column += 1) {
        const apart = Math.sqrt((column - x) ** 2 + (row - y) ** 2) / radius;
        if (apart >= 1) continue;
        const share = ramp(1, 0.92, apart) * (0.7 + 0.3 * apart ** 4);
        const at = (row * width + column) * 3;
        for (let channel = 0; channel < 3; channel += 1) light[at + channel]! += color[channel]! * share;
      }
    }
  }
}
