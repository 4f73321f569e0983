import { between, pick, type Random, shuffled } from '@swipenet/shared/random.ts';
import { detail, fractal } from '../noise.ts';
import { type Light, mix, newRaster, put, type Raster, ramp } from '../raster.ts';
import { drawLights, placeLights } from './lights.ts';

/** A thing on the table: an ellipsoid that stands on it. */
interface Thing {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly wide: number;
  readonly tall: number;
  readonly stuff: Stuff;
  /** The slopes of sight between which it lies on the picture: left, right, low, high. */
  readonly bounds: readonly [number, number, number, number];
  /** Where in the noise its skin is taken from. */
  readonly skin: number;
}

/** What a thing is made of. */
interface Stuff {
  readonly colour: Light;
  /** The colour that its patches and speckles mix in. */
  readonly second: Light;
  readonly patches: number;
  readonly bumps: number;
  /** Strength and sharpness of the highlight. */
  readonly gloss: number;
  readonly sharp: number;
}

const FRUITS: readonly [Stuff, ...Stuff[]] = [
  { colour: [0.8, 0.24, 0.02], second: [0.9, 0.42, 0.05], patches: 0.5, bumps: 0.35, gloss: 0.35, sharp: 30 }, // orange
  { colour: [0.42, 0.02, 0.02], second: [0.6, 0.3, 0.05], patches: 0.9, bumps: 0.05, gloss: 0.8, sharp: 90 }, // apple
  { colour: [0.3, 0.42, 0.05], second: [0.5, 0.5, 0.12], patches: 0.6, bumps: 0.08, gloss: 0.6, sharp: 70 }, // green apple
  { colour: [0.85, 0.6, 0.05], second: [0.75, 0.66, 0.2], patches: 0.4, bumps: 0.25, gloss: 0.4, sharp: 40 }, // lemon
  { colour: [0.1, 0.03, 0.12], second: [0.2, 0.1, 0.24], patches: 0.7, bumps: 0.03, gloss: 0.45, sharp: 26 }, // plum
];
const POTS: readonly [Stuff, ...Stuff[]] = [
  { colour: [0.75, 0.72, 0.66], second: [0.6, 0.56, 0.5], patches: 0.3, bumps: 0.02, gloss: 0.9, sharp: 140 }, // porcelain
  { colour: [0.06, 0.18, 0.3], second: [0.1, 0.3, 0.4], patches: 0.5, bumps: 0.04, gloss: 1, sharp: 160 }, // blue glaze
  { colour: [0.42, 0.16, 0.08], second: [0.5, 0.24, 0.14], patches: 0.8, bumps: 0.15, gloss: 0.15, sharp: 16 }, // terracotta
  { colour: [0.05, 0.12, 0.08], second: [0.12, 0.2, 0.12], patches: 0.7, bumps: 0.04, gloss: 0.9, sharp: 120 }, // green glaze
];
const STALK: Stuff = { colour: [0.1, 0.06, 0.03], second: [0.1, 0.06, 0.03], patches: 0, bumps: 0, gloss: 0, sharp: 1 };

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
const EYE: Light = [0, 3.1, -9.5];
/** How far the eye looks down, as a slope. */
const TILT = 0.2;
const WALL_Z = 5;

/** Fruit and pots on a wooden table by a window: rays meet ellipsoids, a plane and a wall out of focus. */
export function drawStillLife(random: Random): Raster {
  const raster = newRaster();
  const { width, height, light } = raster;
  const things = placeThings(random);
  const side = pick(random, [-1, 1]);
  const sun: Light = unit(side * between(random, 0.5, 0.9), between(random, 0.6, 0.95), between(random, -0.75, -0.3));
  const board = pick(random, BOARDS);
  const wall = pick(random, WALLS);
  const offset = random() * 512;
  const warmth = between(random, 0.75, 1);
  const table = lightTable(things, sun);
  const lights = random() < 0.4 ? placeLights(random, raster) : undefined;
  const shine: Light = [1.75, 1.45 * mix(1, warmth, 0.3), 1.2 * warmth];
  for (let y = 0; y < height; y += 1) {
    const rise = slopeOf(y, height);
    for (let x = 0; x < width; x += 1) {
      const across = (x - width / 2) / FOCAL;
      const at = (y * width + x) * 3;
      const hit = nearest(things, across, rise);
      if (hit) {
        paintThing(light, at, hit, across, rise, { sun, shine, things, board });
        continue;
      }
      const reach = rise < -0.01 ? -EYE[1] / rise : Number.POSITIVE_INFINITY;
      if (EYE[2] + reach < WALL_Z) {
        const px = across * reach;
        const pz = EYE[2] + reach;
        const grain = fractal(px * 5 + offset, pz * 46 + offset);
        const pore = detail(px * 22 + offset, pz * 190);
        const plank = Math.abs((((pz + 40) / 1.9) % 1) - 0.5) > 0.49 ? 0.35 : 1;
        const tone = (0.3 + 1.25 * grain + pore * 0.16) * plank;
        const lit = table.read(table.lit, px, pz) * sun[1] * ramp(9, 1, Math.hypot(px - side * 1.5, pz));
        const near = table.read(table.open, px, pz);
        const polish = 0.16 * Math.max(0, detail(px * 2, pz * 2)) + 0.05;
        for (let channel = 0; channel < 3; channel += 1) {
          const base = board[channel]! * tone;
          light[at + channel] = base * (0.2 * near + shine[channel]! * lit) + polish * lit * 0.12;
        }
      } else {
        // The wall is far behind the focus: only broad patches of light are left of it.
        const pool = ramp(0.62, 0, Math.hypot(x / width - 0.5 + side * 0.28, y / height - 0.12));
        const soft = fractal(x * 0.11 + offset, y * 0.11) * 0.5 + 0.6;
        const tone = (0.25 + pool * 1.4) * soft * (lights ? 0.3 : 1);
        put(light, at, wall[0] * tone, wall[1] * tone, wall[2] * tone);
      }
    }
  }
  if (lights) drawLights(raster, lights, (x, y) => isWall(things, (x - width / 2) / FOCAL, slopeOf(y, height)));
  return raster;
}

/** The slope at which the eye sees a row. */
const slopeOf = (y: number, height: number) => -(y - height * 0.44) / FOCAL - TILT;

/** True where the eye sees neither thing nor table. */
function isWall(things: readonly Thing[], across: number, rise: number): boolean {
  const reach = rise < -0.01 ? -EYE[1] / rise : Number.POSITIVE_INFINITY;
  return EYE[2] + reach >= WALL_Z && !nearest(things, across, rise);
}

function placeThings(random: Random): Thing[] {
  const places = shuffled(random, [
    [-1.45, 0.6],
    [0.15, 1.5],
    [1.5, 0.5],
    [-0.5, -0.9],
    [0.95, -1.2],
    [-1.9, -1.4],
  ] as const);
  const count = 4 + Math.floor(random() * 3);
  return places.slice(0, count).flatMap(([x, z]) => {
    const pot = z > 0.4 && random() < 0.6;
    return pot ? placePot(random, x, z + 0.7) : placeFruit(random, x + between(random, -0.15, 0.15), z);
  });
}

/** A belly, a neck and a lip. */
function placePot(random: Random, x: number, z: number): Thing[] {
  const stuff = pick(random, POTS);
  const skin = random() * 512;
  const wide = between(random, 0.8, 1.05);
  const tall = wide * between(random, 0.9, 1.25);
  const neck = wide * between(random, 0.3, 0.45);
  const up = tall * 1.8;
  return [
    thing({ x, y: tall * 0.96, z, wide, tall, stuff, skin }),
    thing({ x, y: up, z, wide: neck, tall: wide * between(random, 0.55, 0.9), stuff, skin }),
    thing({ x, y: up + wide * 0.5, z, wide: neck * 1.35, tall: 0.09, stuff, skin }),
  ];
}

/** A fruit and its stalk. */
function placeFruit(random: Random, x: number, z: number): Thing[] {
  const stuff = pick(random, FRUITS);
  const wide = between(random, 0.58, 0.86);
  const tall = wide * between(random, 0.84, 1.02);
  const y = tall * 0.97;
  return [
    thing({ x, y, z, wide, tall, stuff, skin: random() * 512 }),
    thing({
      x: x + 0.03,
      y: y + tall,
      z: z - 0.05,
      wide: 0.045,
      tall: between(random, 0.12, 0.22),
      stuff: STALK,
      skin: 0,
    }),
  ];
}

function thing(solid: Omit<Thing, 'bounds'>): Thing {
  const { x, y, z, wide, tall } = solid;
  const nearest = z - EYE[2] - wide;
  const spread = (wide * 1.04) / nearest;
  const reach = (tall * 1.04) / nearest;
  const across = (x - EYE[0]) / (z - EYE[2]);
  const rise = (y - EYE[1]) / (z - EYE[2]);
  return { ...solid, bounds: [across - spread, across + spread, rise - reach - 0.02, rise + reach + 0.02] };
}

function unit(x: number, y: number, z: number): Light {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

interface Hit {
  readonly thing: Thing;
  readonly reach: number;
}

/** The first thing that a ray from the eye meets. Heights are shrunk so that each ellipsoid becomes a sphere. */
function nearest(things: readonly Thing[], across: number, rise: number): Hit | undefined {
  let best: Hit | undefined;
  for (const thing of things) {
    const [left, right, low, high] = thing.bounds;
    if (across < left || across > right || rise < low || rise > high) continue;
    const squeeze = thing.wide / thing.tall;
    const dy = rise * squeeze;
    const ox = EYE[0] - thing.x;
    const oy = (EYE[1] - thing.y) * squeeze;
    const oz = EYE[2] - thing.z;
    const a = across * across + dy * dy + 1;
    const b = ox * across + oy * dy + oz;
    const inside = b * b - a * (ox * ox + oy * oy + oz * oz - thing.wide * thing.wide);
    if (inside <= 0) continue;
    const reach = (-b - Math.sqrt(inside)) / a;
    if (reach > 0 && (!best || reach < best.reach)) best = { thing, reach };
  }
  return best;
}

/** How much of the window's light reaches a point: 0 in the core of a shadow, 1 beside it; edges soften with distance. */
function shade(things: readonly Thing[], x: number, y: number, z: number, sun: Light, self?: Thing): number {
  let open = 1;
  for (const thing of things) {
    if (thing === self || thing.stuff === STALK) continue;
    const dx = thing.x - x;
    const dy = thing.y - y;
    const dz = thing.z - z;
    const along = dx * sun[0] + dy * sun[1] + dz * sun[2];
    if (along <= 0) continue;
    const beside = dx * dx + dy * dy + dz * dz - along * along;
    const soft = 0.1 + 0.16 * along;
    if (beside < (thing.wide + soft) ** 2)
      open *= ramp(thing.wide - soft, thing.wide + soft, Math.sqrt(Math.max(0, beside)));
  }
  return open;
}

/** How much of the room's light reaches the table: little right below a thing. */
function contact(things: readonly Thing[], x: number, z: number): number {
  let open = 1;
  for (const thing of things) {
    const apart = ((thing.x - x) ** 2 + (thing.z - z) ** 2) / (thing.wide * thing.wide);
    if (apart < 6 && thing.y < thing.tall * 1.1) open *= 1 - 0.85 / (1 + apart * (1.2 + apart));
  }
  return open;
}

/** Light on the table, worked out once on a grid of world points: what the window and what the room gives. */
function lightTable(things: readonly Thing[], sun: Light) {
  const step = 0.08;
  const side = Math.ceil((2 * TABLE_REACH) / step) + 2;
  const lit = new Float32Array(side * side);
  const open = new Float32Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const x = column * step - TABLE_REACH;
      const z = row * step - TABLE_REACH;
      lit[row * side + column] = shade(things, x, 0, z, sun);
      open[row * side + column] = contact(things, x, z);
    }
  }
  const read = (map: Float32Array, x: number, z: number): number => {
    const column = Math.min(side - 2, Math.max(0, (x + TABLE_REACH) / step));
    const row = Math.min(side - 2, Math.max(0, (z + TABLE_REACH) / step));
    const at = Math.floor(row) * side + Math.floor(column);
    const share = column - Math.floor(column);
    return mix(mix(map[at]!, map[at + 1]!, share), mix(map[at + side]!, map[at + side + 1]!, share), row % 1);
  };
  return { lit, open, read };
}

/** Half the side of the table that is worked out; beyond it lies no shadow. */
const TABLE_REACH = 6;

interface Scene {
  readonly sun: Light;
  readonly shine: Light;
  readonly things: readonly Thing[];
  readonly board: Light;
}

function paintThing(
  light: Float32Array,
  at: number,
  { thing, reach }: Hit,
  across: number,
  rise: number,
  { sun, shine, things, board }: Scene,
): void {
  const { stuff, skin } = thing;
  const px = EYE[0] + across * reach;
  const py = EYE[1] + rise * reach;
  const pz = EYE[2] + reach;
  const u = Math.atan2(px - thing.x, thing.z - pz) * 40 + skin;
  const v = ((py - thing.y) / thing.tall) * 60 + skin;
  const bumpX = detail(u * 2.4, v * 2.4) * stuff.bumps * 0.35;
  const bumpY = detail(u * 2.4 + 99, v * 2.4 + 55) * stuff.bumps * 0.35;
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
  const highlight = lit > 0 ? stuff.gloss * towards ** stuff.sharp : 0;
  const rim = (1 - Math.max(0, normal[0] * eye[0] + normal[1] * eye[1] + normal[2] * eye[2])) ** 3 * 0.1 * stuff.gloss;
  const sky = 0.13 + 0.13 * normal[1];
  const bounce = Math.max(0, -normal[1]) * 0.22;
  const patch = ramp(0.35, 0.75, fractal(u * 1.3, v * 0.5)) * stuff.patches;
  const speck = 1 + detail(u * 3, v * 3) * 0.09;
  const floor = ramp(-0.05, 0.35, py / thing.tall);
  for (let channel = 0; channel < 3; channel += 1) {
    const base = mix(stuff.colour[channel]!, stuff.second[channel]!, patch) * speck;
    const around = (sky + bounce * board[channel]! * 2) * floor;
    light[at + channel] = base * (around + shine[channel]! * lit) + shine[channel]! * highlight + rim * shine[channel]!;
  }
}
