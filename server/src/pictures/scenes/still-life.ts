import { between, pick, type Random } from '@swipenet/shared/random.ts';
import { type Light, mix, newRaster, put, type Raster, ramp } from '../../image/raster.ts';
import { detail, fractal } from '../noise.ts';
import { drawLights, placeLights } from './lights.ts';
import { lightTable, shade } from './table-light.ts';
import { EYE, placeThings, reachOf, type Thing } from './things.ts';

const BOARDS: readonly [Light, ...Light[]] = [
  [0.32, 0.17, 0.08],
  [0.16, 0.09, 0.05],
  [0.5, 0.36, 0.22],
  [0.2, 0.19, 0.18],
];
const WALLS: readonly [Light, ...Light[]] = [
  [0.1, 0.12, 0.13],
  [0.24, 0.21, 0.18],
  [0.06, 0.1, 0.09],
  [0.3, 0.3, 0.32],
  [0.16, 0.08, 0.06],
];

const FOCAL = 900;
/** How much the view points down, as a slope. */
const TILT = 0.2;
const WALL_Z = 5;
/** The row at the center of the view, as a share of the height. */
const MIDDLE = 0.44;

/** The parts of a still life. */
interface Scene {
  readonly things: readonly Thing[];
  /** Direction to the window, and its light. */
  readonly sun: Light;
  readonly shine: Light;
  readonly board: Light;
  readonly wall: Light;
  /** Where the table and the wall sample the noise. */
  readonly offset: number;
  /** The side of the window: −1 is left, 1 is right. */
  readonly side: number;
}

/** Draws fruit and pots on a wooden table by a window, by ray casting: ellipsoids, a plane and a blurred wall. */
export function drawStillLife(random: Random): Raster {
  const raster = newRaster();
  const side = pick(random, [-1, 1]);
  const warmth = between(random, 0.75, 1);
  const scene: Scene = {
    things: placeThings(random),
    sun: unit(side * between(random, 0.5, 0.9), between(random, 0.6, 0.95), between(random, -0.75, -0.3)),
    shine: [1.75, 1.45 * mix(1, warmth, 0.3), 1.2 * warmth],
    board: pick(random, BOARDS),
    wall: pick(random, WALLS),
    offset: random() * 512,
    side,
  };
  const edge = Math.ceil(raster.height * MIDDLE + FOCAL * (EYE[1] / (WALL_Z - EYE[2]) - TILT));
  const lights = random() < 0.4 ? placeLights(random, raster) : undefined;
  drawWall(raster, scene, edge, lights ? 0.3 : 1);
  if (lights) drawLights(raster, lights, edge);
  drawTable(raster, scene, edge);
  drawThings(raster, scene);
  return raster;
}

/** The slope of the view through a row. */
const riseOf = (y: number, height: number) => (height * MIDDLE - y) / FOCAL - TILT;

/** Draws the wall. It is far out of focus, so only broad patches of light are visible. */
function drawWall({ width, height, light }: Raster, { wall, offset, side }: Scene, edge: number, dim: number): void {
  for (let y = 0; y < edge; y += 1) {
    const down = (y / height - 0.12) ** 2;
    for (let x = 0; x < width; x += 1) {
      const pool = ramp(0.62, 0, Math.sqrt((x / width - 0.5 + side * 0.28) ** 2 + down));
      const soft = fractal(x * 0.11 + offset, y * 0.11) * 0.5 + 0.6;
      const tone = (0.25 + pool * 1.4) * soft * dim;
      put(light, (y * width + x) * 3, wall[0] * tone, wall[1] * tone, wall[2] * tone);
    }
  }
}

function drawTable({ width, height, light }: Raster, scene: Scene, edge: number): void {
  const { things, sun, shine, board, offset, side } = scene;
  const table = lightTable(things, sun);
  for (let y = edge; y < height; y += 1) {
    const reach = -EYE[1] / riseOf(y, height);
    const pz = EYE[2] + reach;
    const plank = Math.abs((((pz + 40) / 1.9) % 1) - 0.5) > 0.49 ? 0.35 : 1;
    for (let x = 0; x < width; x += 1) {
      const px = ((x - width / 2) / FOCAL) * reach;
      const grain = fractal(px * 5 + offset, pz * 46 + offset);
      const pore = detail(px * 22 + offset, pz * 190);
      const tone = (0.3 + 1.25 * grain + pore * 0.16) * plank;
      const fall = ramp(9, 1, Math.sqrt((px - side * 1.5) ** 2 + pz * pz));
      const lit = table.read(table.lit, px, pz) * sun[1] * fall;
      const room = 0.2 * table.read(table.open, px, pz);
      const polish = (0.16 * Math.max(0, detail(px * 2, pz * 2)) + 0.05) * lit * 0.12;
      put(
        light,
        (y * width + x) * 3,
        board[0] * tone * (room + shine[0] * lit) + polish,
        board[1] * tone * (room + shine[1] * lit) + polish,
        board[2] * tone * (room + shine[2] * lit) + polish,
      );
    }
  }
}

function drawThings({ width, height, light }: Raster, scene: Scene): void {
  for (let y = 0; y < height; y += 1) {
    const rise = riseOf(y, height);
    const here = scene.things.filter(({ low, high }) => rise >= low && rise <= high);
    if (here.length === 0) continue;
    for (let x = 0; x < width; x += 1) {
      const across = (x - width / 2) / FOCAL;
      let reach = Number.POSITIVE_INFINITY;
      let hit: Thing | undefined;
      for (const thing of here) {
        if (across < thing.left || across > thing.right) continue;
        const far = reachOf(thing, across, rise);
        if (far >= reach) continue;
        reach = far;
        hit = thing;
      }
      if (hit) paintThing(light, (y * width + x) * 3, { thing: hit, reach, across, rise }, scene);
    }
  }
}

function unit(x: number, y: number, z: number): Light {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Where a ray hits a thing. */
interface Hit {
  readonly thing: Thing;
  readonly reach: number;
  readonly across: number;
  readonly rise: number;
}

/** Paints one point of a thing: its surface, lit by the window, the room and the table, with the window's reflection. */
function paintThing(
  light: Float32Array,
  at: number,
  { thing, reach, across, rise }: Hit,
  { sun, shine, things, board }: Scene,
): void {
  const { material, noiseOffset } = thing;
  const px = EYE[0] + across * reach;
  const py = EYE[1] + rise * reach;
  const pz = EYE[2] + reach;
  const u = Math.atan2(px - thing.x, thing.z - pz) * 40 + noiseOffset;
  const v = ((py - thing.y) / thing.tall) * 60 + noiseOffset;
  const bumpX = detail(u * 2.4, v * 2.4) * material.bumps * 0.35;
  const bumpY = detail(u * 2.4 + 99, v * 2.4 + 55) * material.bumps * 0.35;
  const normal = unit(
    (px - thing.x) / thing.wide + bumpX,
    (((py - thing.y) / thing.tall) * thing.wide) / thing.tall + bumpY,
    (pz - thing.z) / thing.wide,
  );
  const facing = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2];
  const lit = Math.max(0, facing) * shade(things, px, py, pz, sun, thing);
  const eye = unit(-across, -rise, -1);
  const half = unit(sun[0] + eye[0], sun[1] + eye[1], sun[2] + eye[2]);
  const towards = Math.max(0, normal[0] * half[0] + normal[1] * half[1] + normal[2] * half[2]);
  const highlight = lit > 0 ? material.gloss * towards ** material.sharp : 0;
  const rim =
    (1 - Math.max(0, normal[0] * eye[0] + normal[1] * eye[1] + normal[2] * eye[2])) ** 3 * 0.1 * material.gloss;
  const sky = 0.13 + 0.13 * normal[1];
  const bounce = Math.max(0, -normal[1]) * 0.22;
  const patch = ramp(0.35, 0.75, fractal(u * 1.3, v * 0.5)) * material.patches;
  const speck = 1 + detail(u * 3, v * 3) * 0.09;
  const floor = ramp(-0.05, 0.35, py / thing.tall);
  for (let channel = 0; channel < 3; channel += 1) {
    const base = mix(material.color[channel]!, material.accent[channel]!, patch) * speck;
    const around = (sky + bounce * board[channel]! * 2) * floor;
    light[at + channel] = base * (around + shine[channel]! * lit) + shine[channel]! * highlight + rim * shine[channel]!;
  }
}
