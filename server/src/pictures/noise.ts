import { seededRandom } from '@swipenet/shared/random.ts';

/** The tile's side in texels. A power of two, so a mask can wrap coordinates. */
const SIDE = 512;
const MASK = SIDE - 1;

let natural: Float32Array | undefined;
let fine: Float32Array | undefined;

/**
 * Natural detail: noise whose amplitude falls with its frequency (1/f, as in photographs), from about 0 to 1 with a mean
 * of 0.5. Coordinates are in texels, and the noise repeats every 512. Scenes choose their own offsets and scales. Magnified
 * to more than a pixel per texel it looks smooth, so close surfaces add a second, finer sample.
 */
export function fractal(x: number, y: number): number {
  natural ??= noiseTile(4, 0.5).map((value) => Math.min(1, Math.max(0, 0.5 + value / 6)));
  return read(natural, x, y);
}

/** Pure texture: only the fine octaves, all equally strong. From about −1 to 1, with a mean of 0. */
export function detail(x: number, y: number): number {
  fine ??= noiseTile(32, 1).map((value) => value / 2);
  return read(fine, x, y);
}

/** Samples a tile between texels (bilinear, with wrapping). */
function read(tile: Float32Array, x: number, y: number): number {
  const floorX = Math.floor(x);
  const floorY = Math.floor(y);
  const shareX = x - floorX;
  const left = floorX & MASK;
  const right = (left + 1) & MASK;
  const top = (floorY & MASK) * SIDE;
  const bottom = ((floorY + 1) & MASK) * SIDE;
  const above = tile[top + left]! + (tile[top + right]! - tile[top + left]!) * shareX;
  const below = tile[bottom + left]! + (tile[bottom + right]! - tile[bottom + left]!) * shareX;
  return above + (below - above) * (y - floorY);
}

/** Ridges from 0 to 1: {@link fractal}, folded at its mean for sharp crests and wide valleys. */
export function ridged(x: number, y: number): number {
  return 1 - Math.min(1, Math.abs(fractal(x, y) - 0.5) * 4);
}

/** Sums octaves of value noise with up to 256 cells per side, with falling strength. Mean 0, standard deviation 1. */
function noiseTile(fewestCells: number, falloff: number): Float32Array {
  const random = seededRandom(20_260_901 + fewestCells);
  const sum = new Float32Array(SIDE * SIDE);
  for (let cells = fewestCells, strength = 1; cells <= 256; cells *= 2, strength *= falloff) {
    addOctave(sum, cells, strength, random);
  }
  const mean = sum.reduce((total, value) => total + value, 0) / sum.length;
  const variance = sum.reduce((total, value) => total + (value - mean) ** 2, 0) / sum.length;
  return sum.map((value) => (value - mean) / Math.sqrt(variance));
}

/** Adds random values on a grid with `cells` cells per side, interpolated by Catmull-Rom splines that wrap around. */
function addOctave(sum: Float32Array, cells: number, strength: number, random: () => number): void {
  const lattice = Float32Array.from({ length: cells * cells }, () => (random() - 0.5) * strength);
  const texels = SIDE / cells;
  const wrap = cells - 1;
  const rows = new Float32Array(cells * SIDE);
  for (let cellY = 0; cellY < cells; cellY += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const cellX = Math.floor(x / texels);
      const at = (step: number) => lattice[cellY * cells + ((cellX + step + cells) & wrap)]!;
      rows[cellY * SIDE + x] = spline(at(-1), at(0), at(1), at(2), (x % texels) / texels);
    }
  }
  for (let y = 0; y < SIDE; y += 1) {
    const cellY = Math.floor(y / texels);
    const share = (y % texels) / texels;
    for (let x = 0; x < SIDE; x += 1) {
      const at = (step: number) => rows[((cellY + step + cells) & wrap) * SIDE + x]!;
      sum[y * SIDE + x]! += spline(at(-1), at(0), at(1), at(2), share);
    }
  }
}

function spline(a: number, b: number, c: number, d: number, share: number): number {
  return b + 0.5 * share * (c - a + share * (2 * a - 5 * b + 4 * c - d + share * (3 * (b - c) + d - a)));
}
