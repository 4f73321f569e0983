import type { Random } from '@swipenet/shared/random.ts';
import { type Light, mix, type Raster } from '../../image/raster.ts';
import { detail, fractal } from '../noise.ts';

/** A fir and the light on it. */
export interface Conifer {
  /** The column of the trunk, the row of the foot, and the height in pixels. */
  readonly x: number;
  readonly foot: number;
  readonly height: number;
  /** Rows from here down are hidden by something closer. */
  readonly hiddenFrom: number;
  /** Light from the sun and the sky. `sunSide` is where the sun is, from −1 (left) to 1 (right). */
  readonly sun: Light;
  readonly ambient: Light;
  readonly sunSide: number;
  /** The color of the air. `hazeShare` is its share of the result, 0 to 1. */
  readonly haze: Light;
  readonly hazeShare: number;
}

/** Draws a fir: tiers of drooping branches, made ragged with noise and lit from the sun's side. */
export function drawConifer({ width, height, light }: Raster, tree: Conifer, random: Random): void {
  const { x, foot, height: tall, hiddenFrom, sun, ambient, sunSide, haze, hazeShare } = tree;
  const noise = random() * 512;
  const slim = 0.19 + random() * 0.07;
  const tiers = 7 + random() * 6;
  const zoom = Math.min(4, 260 / tall); // small trees have finer branches, in pixels
  const top = Math.max(0, Math.floor(foot - tall));
  for (let y = top; y < Math.min(height, foot, hiddenFrom); y += 1) {
    const down = (y - (foot - tall)) / tall;
    const tier = (down ** 0.8 * tiers) % 1;
    const reach = tall * slim * down * (0.55 + 0.5 * tier) * (down > 0.95 ? 0.4 : 1);
    const left = Math.max(0, Math.floor(x - reach * 1.5));
    const right = Math.min(width - 1, Math.ceil(x + reach * 1.5));
    for (let column = left; column <= right; column += 1) {
      const across = (column - x) / Math.max(1, reach);
      const leaf = detail(column * zoom * 0.9 + noise, (y - Math.abs(column - x) * 0.55) * zoom * 1.2);
      const edge = Math.abs(across) + leaf * 0.5 * (0.3 + down);
      if (edge > 1) continue;
      const round = Math.max(0, 0.5 + across * sunSide * 0.75 + leaf * 0.55 - tier * 0.15);
      const gap = mix(0.4, 1, tier) * (0.55 + 0.9 * fractal(column * 2 * zoom + noise, y * 3 * zoom));
      const at = (y * width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const shone = NEEDLES[channel]! * gap * (ambient[channel]! * 0.8 + sun[channel]! * 1.6 * round * round);
        light[at + channel] = mix(shone, haze[channel]!, hazeShare);
      }
    }
  }
}

const NEEDLES: Light = [0.055, 0.085, 0.035];
