import { between, pick, type Random } from '@swipenet/shared/random.ts';
import { type Light, mix, newRaster, type Raster, ramp } from '../../image/raster.ts';
import { detail, fractal, ridged } from '../noise.ts';
import { drawConifer } from './conifer.ts';
import { LANDS, type Land } from './lands.ts';
import { drawSky, HOURS, randomSky, type Sky } from './sky.ts';

/** The height in pixels of one unit at a distance of one unit. */
const FOCAL = 700;
const NEAREST = 2.2;
const FARTHEST = 420;
/** A ray's steps grow with distance, up to a limit that preserves the shape of ridges. */
const STRIDE = 0.011;
const LONGEST_STEP = 1.5;

/** A height of the water far below the ground. */
const NO_WATER = -1000;

interface View {
  readonly land: Land;
  readonly sky: Sky;
  readonly horizon: number;
  readonly offsetX: number;
  readonly offsetZ: number;
  /** Height of the water's surface, or {@link NO_WATER}. */
  readonly water: number;
  /** Direction to the sun. */
  readonly sun: Light;
}

/** Draws hills and mountains under a sky. */
export function drawLand(random: Random): Raster {
  return draw(random, pick(random, [LANDS.alps, LANDS.highland, LANDS.desert]), NO_WATER, [
    HOURS.morning,
    HOURS.noon,
    HOURS.golden,
  ]);
}

/** Draws mountains that rise from a lake. */
export function drawLake(random: Random): Raster {
  return draw(random, pick(random, [LANDS.alps, LANDS.highland]), 0, [HOURS.morning, HOURS.golden, HOURS.noon]);
}

/** Draws a landscape or a lake after sunset. */
export function drawDusk(random: Random): Raster {
  const { land, water } = pickDusk(random);
  return draw(random, land, water, [HOURS.dusk]);
}

/** Returns whether {@link drawDusk} draws a lake if it gets these random numbers. */
export const duskHasLake = (random: Random): boolean => pickDusk(random).water > NO_WATER;

const pickDusk = (random: Random) => ({
  land: pick(random, [LANDS.alps, LANDS.highland]),
  water: pick(random, [0, NO_WATER]),
});

function draw(random: Random, land: Land, water: number, hours: Parameters<typeof randomSky>[3]): Raster {
  const raster = newRaster();
  const horizon = Math.round(raster.height * between(random, 0.46, 0.6));
  const sky = randomSky(random, raster, horizon, hours);
  const side = ((sky.sunX - raster.width / 2) / raster.width) * 1.6;
  const view: View = {
    land,
    sky,
    horizon,
    water,
    offsetX: random() * 512,
    offsetZ: random() * 512,
    // Over the viewer's shoulder, wherever the sky's glow is: backlight would make the ground look flat.
    sun: unit([side >= 0 ? side + 0.6 : side - 0.6, sky.hour.sunHeight + 0.25, -0.35]),
  };
  drawSky(raster, sky, horizon);
  const shore = drawGround(raster, view);
  if (water > NO_WATER) drawWater(raster, view, shore);
  drawTrees(raster, view, random);
  return raster;
}

const unit = ([x, y, z]: Light): Light => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};

/** Height of the ground: nearby hills, distant mountains, and the basin of a lake between them. */
function heightAt({ land, offsetX, offsetZ, water }: View, x: number, z: number): number {
  const u = x + offsetX;
  const v = z + offsetZ;
  const far = ramp(90, 250, z);
  const near = (fractal(u * 1.7, v * 1.7) - 0.42) * land.hills * 2 + fractal(u * 11, v * 11) * 0.9;
  let mountain = 0;
  if (far > 0) {
    const massif = fractal(u * 0.4 + 90, v * 0.4);
    mountain = far * land.mountains * (0.5 * massif + 0.9 * massif * ridged(u * 0.42, v * 0.42));
  }
  if (water <= NO_WATER) return near * mix(1, 0.4, far) + mountain;
  const basin = ramp(3, 9, z) * (1 - ramp(95, 180, z));
  return near * (1 - basin) + mountain - basin * (5.5 - near * 0.5) + (1 - basin) * 1.2;
}

/** The distances at which a ray samples the ground. */
const DISTANCES = Float64Array.from(
  (function* () {
    for (let z = NEAREST; z < FARTHEST; z += Math.min(z * STRIDE, LONGEST_STEP)) yield z;
  })(),
);

/**
 * Draws the ground. Marches a ray outward under every column and paints whatever rises above everything before it.
 *
 * @returns the row where water begins, for every column.
 */
function drawGround({ width, height, light }: Raster, view: View): Int32Array {
  const { horizon, water } = view;
  const eye = eyeOf(view);
  const shore = new Int32Array(width).fill(height);
  const steps = DISTANCES.length;
  let heights = new Float32Array(steps);
  let before = new Float32Array(steps); // the column to the left, for the sideways slope
  fillHeights(view, -1 - width / 2, before);
  for (let column = 0; column < width; column += 1) {
    const slant = (column - width / 2) / FOCAL;
    fillHeights(view, column - width / 2, heights);
    let open = height;
    for (let step = 0; step < steps && open > 0; step += 1) {
      const z = DISTANCES[step]!;
      const ground = heights[step]!;
      const wet = ground < water;
      const row = Math.max(0, Math.ceil(horizon - ((wet ? water : ground) - eye) * (FOCAL / z)));
      if (row >= open) continue;
      if (wet) {
        shore[column] = Math.min(shore[column]!, row);
        for (let y = row; y < open; y += 1) light[(y * width + column) * 3] = -1; // painted later, by drawWater
      } else {
        const beyond = Math.min(step, steps - 2) + 1;
        const slopeX = ((ground - before[step]!) * FOCAL) / z;
        const slopeZ = (heights[beyond]! - ground) / (DISTANCES[beyond]! - DISTANCES[beyond - 1]!);
        const spot = { ground, x: slant * z, z, slopeX, slopeZ };
        paintGround(light, width, view, spot, column, row, open);
      }
      open = row;
    }
    [heights, before] = [before, heights];
  }
  return shore;
}

function fillHeights(view: View, column: number, heights: Float32Array): void {
  for (let step = 0; step < heights.length; step += 1) {
    const z = DISTANCES[step]!;
    heights[step] = heightAt(view, (column / FOCAL) * z, z);
  }
}

interface Spot {
  readonly ground: number;
  readonly x: number;
  readonly z: number;
  readonly slopeX: number;
  readonly slopeZ: number;
}

/** Paints a piece of a column: the ground's surface, lit by sun and sky, behind haze. */
function paintGround(
  light: Float32Array,
  width: number,
  view: View,
  { ground, x, z, slopeX, slopeZ }: Spot,
  column: number,
  row: number,
  end: number,
): void {
  const { land, sun, sky } = view;
  const { ambient, sun: shine, horizon } = sky.hour;
  const steep = 1 / Math.sqrt(1 + slopeX * slopeX + slopeZ * slopeZ);
  const facing = (-slopeX * sun[0] + sun[1] - slopeZ * sun[2]) * steep;
  const reach = 5 + z * 0.05;
  const blocked = heightAt(view, x + sun[0] * reach, z + sun[2] * reach) - ground - sun[1] * reach;
  const cloudShade = ramp(0.62, 0.5, fractal(x * 1.3 + 200, z * 1.3));
  const lit = Math.max(0, facing) * (1 - 0.85 * ramp(-0.5, 3, blocked)) * mix(0.45, 1, cloudShade);
  const haze = (1 - Math.exp(-z / 420)) * 0.6;
  const blades = ramp(60, 4, z);
  for (let y = row; y < end; y += 1) {
    const patch = fractal(x * 9 + column * 0.02, z * 9);
    const fine = detail(column * 1.3, y * 1.7 + z);
    const blade = detail(column * 1.1 + y * 0.25, y * 0.35);
    const grain = patch + fine * 0.2 + blade * blades * 0.17;
    const bare = ramp(0.2, 0.42, 1 - steep + (grain - 0.5) * 0.35 + ground * 0.0015);
    const topped = ramp(-7, 7, ground - land.topFrom + (grain - 0.5) * 40) * ramp(0.5, 0.72, steep);
    const tone = Math.max(0.12, 0.15 + grain * 1.6);
    const at = (y * width + column) * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      const base = mix(mix(land.grass[channel]!, land.rock[channel]!, bare), land.top[channel]!, topped) * tone;
      const shone = base * (ambient[channel]! * 1.1 + shine[channel]! * 1.7 * lit);
      light[at + channel] = mix(shone, horizon[channel]! * 0.6, haze);
    }
  }
}

/** The height of the eye: a little above the ground in front, and above the water. */
const eyeOf = (view: View) => Math.max(heightAt(view, 0, NEAREST) + 2.4, Math.max(view.water, -20) + 2.8);

/** Draws groves of firs on dry ground, farthest first. */
function drawTrees(raster: Raster, view: View, random: Random): void {
  const { width } = raster;
  const { horizon, water, land } = view;
  const { ambient, sun, horizon: air } = view.sky.hour;
  const eye = eyeOf(view);
  const haze: Light = [air[0] * 0.6, air[1] * 0.6, air[2] * 0.6];
  const places = Array.from({ length: land.trees * 2 }, () => ({
    z: 7 * (120 / 7) ** Math.sqrt(random()),
    column: random() * width,
  })).toSorted((a, b) => b.z - a.z);
  for (const { z, column } of places) {
    const x = ((column - width / 2) / FOCAL) * z;
    const ground = heightAt(view, x, z);
    if (ground < water + 0.3 || fractal(x * 3 + 77, z * 3) < 0.48) continue;
    let hiddenFrom = raster.height;
    for (const distance of DISTANCES) {
      if (distance >= z * 0.96) break;
      const nearer = Math.max(water, heightAt(view, (x / z) * distance, distance));
      hiddenFrom = Math.min(hiddenFrom, horizon - (nearer - eye) * (FOCAL / distance));
    }
    drawConifer(
      raster,
      {
        x: column,
        foot: Math.round(horizon - (ground - eye) * (FOCAL / z)) + 2,
        height: (between(random, 2.6, 4.6) * FOCAL) / z,
        hiddenFrom,
        sun,
        ambient,
        sunSide: Math.sign(view.sun[0]),
        haze,
        hazeShare: (1 - Math.exp(-z / 420)) * 0.6,
      },
      random,
    );
  }
}

/** Paints the water: the picture above the shore, mirrored and distorted by ripples, over the color of the depth. */
function drawWater({ width, height, light }: Raster, { sky, horizon, offsetX }: View, shore: Int32Array): void {
  const deep = sky.hour.zenith;
  for (let y = Math.floor(horizon); y < height; y += 1) {
    const near = (y - horizon) / (height - horizon) + 0.015;
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      if (light[at]! >= 0) continue;
      const wave = fractal(offsetX + ((x - width / 2) * 0.06) / near, 9 / near) - 0.5;
      const fine = fractal(offsetX + ((x - width / 2) * 0.22) / near, 41 / near) - 0.5;
      const ripple = (wave + fine * 0.6) * (4 + 60 * near);
      const mirror = 2 * Math.min(shore[x]!, y) - y + ripple;
      const fromX = Math.min(width - 1, Math.max(0, Math.round(x + ripple * 0.2)));
      const fromY = Math.min(Math.max(0, Math.round(mirror)), Math.min(shore[fromX]!, height) - 1);
      const from = (Math.max(0, fromY) * width + fromX) * 3;
      const clear = 0.3 + 0.5 * Math.min(1, near) + fine * 0.3;
      for (let channel = 0; channel < 3; channel += 1) {
        light[at + channel] = mix(Math.max(0, light[from + channel]!) * 0.88, deep[channel]! * 0.35, clear);
      }
    }
  }
}
