import sharp from 'sharp';
import { seededRandom } from './random.ts';

const WIDTH = 240;
const HEIGHT = 300;

/**
 * A picture for a seed, as JPEG: value noise in octaves whose strength falls with their frequency (like that of natural
 * scenes), over a vertical light. Some seeds come out soft and well lit, some dark, some full of pixel noise, so that the
 * embedded model puts them on both sides of its threshold.
 */
export async function twinPhoto(seed: number): Promise<Buffer> {
  const random = seededRandom(seed);
  const octaves = 2 + Math.floor(random() * 5);
  const falloff = 0.35 + random() * 0.4;
  const light = 60 + random() * 140;
  const contrast = 20 + random() * 100;
  const grain = random() < 0.4 ? random() * 90 : 2;
  const tint = [0.8 + random() * 0.4, 0.9 + random() * 0.2, 0.8 + random() * 0.4];
  const layers = Array.from({ length: octaves }, (_, octave) => ({
    cells: 2 ** (octave + 1),
    strength: falloff ** octave,
    grid: Float32Array.from({ length: (2 ** (octave + 1) + 2) ** 2 }, () => random() * 2 - 1),
  }));
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      let value = 0.5 - y / HEIGHT;
      for (const { cells, strength, grid } of layers) value += strength * sample(grid, cells, x / WIDTH, y / HEIGHT);
      const level = light + contrast * value + (random() - 0.5) * grain;
      for (const [channel, factor] of tint.entries()) {
        pixels[(y * WIDTH + x) * 3 + channel] = Math.max(0, Math.min(255, level * factor));
      }
    }
  }
  return await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** Value noise: a grid of random values, interpolated smoothly between. */
function sample(grid: Float32Array, cells: number, u: number, v: number): number {
  const [x, y] = [u * cells, v * cells];
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [smooth(x - column), smooth(y - row)];
  const at = (dx: number, dy: number) => grid[(row + dy) * (cells + 2) + column + dx]!;
  return (at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t;
}

const smooth = (x: number) => x * x * (3 - 2 * x);
