import { between, pick, type Random } from '@swipenet/shared/random.ts';
import { type Light, mix, newRaster, put, type Raster, ramp } from '../../image/raster.ts';
import { detail, fractal } from '../noise.ts';
import { drawConifer } from './conifer.ts';

/** The mood of a forest: colors of the mist, the sunlight, the bark and the ground. */
interface Air {
  readonly mist: Light;
  readonly sun: Light;
  readonly bark: Light;
  readonly floor: Light;
}

const AIRS: readonly [Air, ...Air[]] = [
  { mist: [0.62, 0.68, 0.6], sun: [1.3, 1.15, 0.8], bark: [0.16, 0.12, 0.09], floor: [0.14, 0.17, 0.05] },
  { mist: [0.85, 0.6, 0.34], sun: [1.6, 1.0, 0.45], bark: [0.15, 0.09, 0.06], floor: [0.24, 0.13, 0.05] },
  { mist: [0.42, 0.52, 0.62], sun: [1.0, 1.05, 1.1], bark: [0.12, 0.11, 0.11], floor: [0.09, 0.12, 0.07] },
];

const LAYERS = 7;

/** Draws a misty, backlit forest: layers of trunks and firs, darker and clearer the closer they are, with light beams. */
export function drawForest(random: Random): Raster {
  const raster = newRaster();
  const { width, height, light } = raster;
  const air = pick(random, AIRS);
  const sunX = between(random, 0.2, 0.8) * width;
  const sunY = between(random, 0.08, 0.32) * height;
  const offset = random() * 512;
  const horizon = height * between(random, 0.6, 0.7);
  const glowAt = (x: number, y: number) => Math.exp(-Math.sqrt((x - sunX) ** 2 + ((y - sunY) * 0.8) ** 2) / 210);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const glow = glowAt(x, y) * 1.3;
      const drift = 0.55 + 0.5 * fractal(x * 0.25 + offset, y * 0.35);
      const at = (y * width + x) * 3;
      put(
        light,
        at,
        air.mist[0] * drift * 0.6 + air.sun[0] * glow,
        air.mist[1] * drift * 0.6 + air.sun[1] * glow,
        air.mist[2] * drift * 0.6 + air.sun[2] * glow,
      );
    }
  }
  drawFloor(raster, air, { horizon, sunX, offset });
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const near = (layer + 1) / LAYERS;
    const foot = mix(horizon, height * 1.02, near ** 2.4);
    const mist = mistAt(near);
    const count = Math.round(mix(15, 2.5, near ** 0.7));
    for (let index = 0; index < count; index += 1) {
      const x = between(random, -0.05, 1.05) * width;
      if (near > 0.5 && Math.abs(x - width * 0.5) < width * 0.17) continue; // leave the middle open
      const fir = random() < 0.45;
      const haze: Light = [air.mist[0] * 0.75, air.mist[1] * 0.75, air.mist[2] * 0.75];
      if (fir) {
        const tree = {
          x,
          foot: Math.round(foot + between(random, -4, 14) * near),
          height: between(random, 0.32, 0.62) * height * (0.35 + near),
          hiddenFrom: height,
          sun: air.sun,
          ambient: [air.mist[0] * 0.4, air.mist[1] * 0.4, air.mist[2] * 0.4] as Light,
          sunSide: Math.sign(sunX - x),
          haze,
          hazeShare: mist,
        };
        drawConifer(raster, tree, random);
      } else {
        const trunk = { x, foot, wide: between(random, 5, 11) * (0.35 + 2.4 * near * near), mist, haze, sunX };
        drawTrunk(raster, air, trunk, random);
      }
    }
  }
  drawBeams(raster, air, sunX, sunY, offset);
  return raster;
}

/** The share of mist by nearness. `near` is 0 at the horizon and 1 at the viewer's feet. */
const mistAt = (near: number) => 0.86 * (1 - near) ** 1.25;

interface Floor {
  readonly horizon: number;
  readonly sunX: number;
  readonly offset: number;
}

/** Draws grass and moss from the horizon to the viewer's feet, with a path of light below the sun. */
function drawFloor({ width, height, light }: Raster, { floor, mist: fog, sun }: Air, { horizon, sunX, offset }: Floor) {
  for (let y = Math.ceil(horizon); y < height; y += 1) {
    const down = (y - horizon) / (height * 1.02 - horizon);
    const mist = mistAt(down ** (1 / 2.4));
    for (let x = 0; x < width; x += 1) {
      const tuft = detail(x * 1.1 + offset, y * 0.55) * 0.3 + fractal(x * 0.8 + offset, y * 2.2);
      const path = Math.exp(-(((x - sunX) / (90 + 300 * down)) ** 2)) * (1 - mist) * ramp(0.35, 0.75, tuft);
      const tone = Math.max(0.08, tuft * 1.5 - 0.2);
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const lit = floor[channel]! * tone * (fog[channel]! * 0.7 + sun[channel]! * path * 1.8);
        light[at + channel] = mix(lit, fog[channel]! * 0.7, mist);
      }
    }
  }
}

interface Trunk {
  readonly x: number;
  readonly foot: number;
  readonly wide: number;
  readonly mist: number;
  readonly haze: Light;
  readonly sunX: number;
}

function drawTrunk(
  { width, height, light }: Raster,
  { bark, sun, mist: fog }: Air,
  trunk: Trunk,
  random: Random,
): void {
  const { x, foot, wide, mist, haze, sunX } = trunk;
  const skin = random() * 512;
  const lean = between(random, -0.03, 0.03);
  const sunSide = Math.sign(sunX - x);
  for (let y = 0; y < Math.min(height, foot); y += 1) {
    const up = (foot - y) / height;
    const center = x + lean * (foot - y) + (fractal(skin, y * 0.3) - 0.5) * wide * 0.6;
    const half = wide * (1 - 0.35 * up) + wide * 0.9 * Math.exp(-up * 34);
    for (
      let column = Math.max(0, Math.ceil(center - half));
      column <= Math.min(width - 1, center + half);
      column += 1
    ) {
      const across = (column - center) / half;
      const turn = Math.asin(Math.max(-1, Math.min(1, across)));
      const rough = detail(turn * wide * 1.3 + skin, y * 0.3 + skin) * 0.45;
      const rim = Math.max(0, across * sunSide) ** 3;
      const tone = Math.max(0.1, 0.75 + rough);
      const at = (y * width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const lit = bark[channel]! * tone * (fog[channel]! * 0.55 + sun[channel]! * rim * 2.4);
        light[at + channel] = mix(lit, haze[channel]!, mist);
      }
    }
  }
}

/** Adds light beams that fan out from the sun. They are soft, so blocks of 4 × 4 pixels are fine enough. */
function drawBeams({ width, height, light }: Raster, { sun }: Air, sunX: number, sunY: number, offset: number): void {
  for (let blockY = 0; blockY < height; blockY += 4) {
    for (let blockX = 0; blockX < width; blockX += 4) {
      const far = Math.sqrt((blockX - sunX) ** 2 + (blockY - sunY) ** 2);
      const angle = Math.atan2(blockY - sunY, blockX - sunX);
      const beam =
        ramp(0.52, 0.85, fractal(angle * 26 + offset, 7)) * Math.exp(-far / 380) * ramp(0, 60, blockY - sunY) * 0.3;
      if (beam < 0.002) continue;
      for (let y = blockY; y < blockY + 4; y += 1) {
        for (let at = (y * width + blockX) * 3; at < (y * width + blockX + 4) * 3; at += 3) {
          light[at]! += sun[0] * beam;
          light[at + 1]! += sun[1] * beam;
          light[at + 2]! += sun[2] * beam;
        }
      }
    }
  }
}
