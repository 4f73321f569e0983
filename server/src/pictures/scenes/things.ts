import { between, pick, type Random, shuffled } from '@swipenet/shared/random.ts';
import type { Light } from '../../image/raster.ts';

/** The position of the eye: in front of the table and a little above it. */
export const EYE: Light = [0, 3.1, -9.5];

/** A thing on the table, or a part of one: an ellipsoid. */
export interface Thing {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly wide: number;
  readonly tall: number;
  readonly material: Material;
  /** The view slopes that bound it in the picture. */
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
  /** Where its surface samples the noise. */
  readonly noiseOffset: number;
}

export interface Material {
  readonly color: Light;
  /** The color of the patches. */
  readonly accent: Light;
  readonly patches: number;
  readonly bumps: number;
  /** Strength and sharpness of the highlight. */
  readonly gloss: number;
  readonly sharp: number;
}

const FRUITS: readonly [Material, ...Material[]] = [
  { color: [0.8, 0.24, 0.02], accent: [0.9, 0.42, 0.05], patches: 0.5, bumps: 0.35, gloss: 0.35, sharp: 30 }, // orange
  { color: [0.42, 0.02, 0.02], accent: [0.6, 0.3, 0.05], patches: 0.9, bumps: 0.05, gloss: 0.8, sharp: 90 }, // apple
  { color: [0.3, 0.42, 0.05], accent: [0.5, 0.5, 0.12], patches: 0.6, bumps: 0.08, gloss: 0.6, sharp: 70 }, // green apple
  { color: [0.85, 0.6, 0.05], accent: [0.75, 0.66, 0.2], patches: 0.4, bumps: 0.25, gloss: 0.4, sharp: 40 }, // lemon
  { color: [0.1, 0.03, 0.12], accent: [0.2, 0.1, 0.24], patches: 0.7, bumps: 0.03, gloss: 0.45, sharp: 26 }, // plum
];
const POTS: readonly [Material, ...Material[]] = [
  { color: [0.75, 0.72, 0.66], accent: [0.6, 0.56, 0.5], patches: 0.3, bumps: 0.02, gloss: 0.9, sharp: 140 }, // porcelain
  { color: [0.06, 0.18, 0.3], accent: [0.1, 0.3, 0.4], patches: 0.5, bumps: 0.04, gloss: 1, sharp: 160 }, // blue glaze
  { color: [0.42, 0.16, 0.08], accent: [0.5, 0.24, 0.14], patches: 0.8, bumps: 0.15, gloss: 0.15, sharp: 16 }, // terracotta
  { color: [0.05, 0.12, 0.08], accent: [0.12, 0.2, 0.12], patches: 0.7, bumps: 0.04, gloss: 0.9, sharp: 120 }, // green glaze
];
/** The stalks of fruit. They are too thin to cast a visible shadow. */
export const STALK: Material = {
  color: [0.1, 0.06, 0.03],
  accent: [0.1, 0.06, 0.03],
  patches: 0,
  bumps: 0,
  gloss: 0,
  sharp: 1,
};

/** Places four to six things on the table: pots in the back, fruit in front. */
export function placeThings(random: Random): Thing[] {
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

/** Places a pot made of a belly, a neck and a lip. */
function placePot(random: Random, x: number, z: number): Thing[] {
  const material = pick(random, POTS);
  const noiseOffset = random() * 512;
  const wide = between(random, 0.8, 1.05);
  const tall = wide * between(random, 0.9, 1.25);
  const neck = wide * between(random, 0.3, 0.45);
  const up = tall * 1.8;
  return [
    thing({ x, y: tall * 0.96, z, wide, tall, material, noiseOffset }),
    thing({ x, y: up, z, wide: neck, tall: wide * between(random, 0.55, 0.9), material, noiseOffset }),
    thing({ x, y: up + wide * 0.5, z, wide: neck * 1.35, tall: 0.09, material, noiseOffset }),
  ];
}

/** Places a fruit and its stalk. */
function placeFruit(random: Random, x: number, z: number): Thing[] {
  const material = pick(random, FRUITS);
  const wide = between(random, 0.58, 0.86);
  const tall = wide * between(random, 0.84, 1.02);
  const y = tall * 0.97;
  return [
    thing({ x, y, z, wide, tall, material, noiseOffset: random() * 512 }),
    thing({
      x: x + 0.03,
      y: y + tall,
      z: z - 0.05,
      wide: 0.045,
      tall: between(random, 0.12, 0.22),
      material: STALK,
      noiseOffset: 0,
    }),
  ];
}

function thing(solid: Omit<Thing, 'left' | 'right' | 'low' | 'high'>): Thing {
  const { x, y, z, wide, tall } = solid;
  const nearest = z - EYE[2] - wide;
  const spread = (wide * 1.04) / nearest;
  const reach = (tall * 1.04) / nearest;
  const across = (x - EYE[0]) / (z - EYE[2]);
  const rise = (y - EYE[1]) / (z - EYE[2]);
  return {
    ...solid,
    left: across - spread,
    right: across + spread,
    low: rise - reach - 0.02,
    high: rise + reach + 0.02,
  };
}

/**
 * Returns the distance from the eye to a thing along a ray, or infinity if the ray misses it. Scales heights so that the
 * ellipsoid becomes a sphere.
 */
export function reachOf(thing: Thing, across: number, rise: number): number {
  const squeeze = thing.wide / thing.tall;
  const dy = rise * squeeze;
  const ox = EYE[0] - thing.x;
  const oy = (EYE[1] - thing.y) * squeeze;
  const oz = EYE[2] - thing.z;
  const a = across * across + dy * dy + 1;
  const b = ox * across + oy * dy + oz;
  const inside = b * b - a * (ox * ox + oy * oy + oz * oz - thing.wide * thing.wide);
  return inside <= 0 ? Number.POSITIVE_INFINITY : (-b - Math.sqrt(inside)) / a;
}
