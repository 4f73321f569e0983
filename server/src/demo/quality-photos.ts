import { between, pick, type Random, shuffled } from '@swipenet/shared/random.ts';
import type { PhotoPlan, SceneName } from '../pictures/draw-photo.ts';
import type { FaultName } from '../pictures/faults.ts';

/**
 * The photos of a profile. In a `good` one, one or two photos are clearly LIKE. In a `poor` one, all photos have faults
 * and are NOPE. A `failing` one is poor, and one of its files is broken. test/integration/demo.test.ts checks this with
 * the embedded model.
 */
type Kind = 'good' | 'poor' | 'failing';

/** The kinds of every twenty profiles. */
export const QUALITY_KINDS: readonly Kind[] = [
  ...Array<Kind>(9).fill('good'),
  ...Array<Kind>(10).fill('poor'),
  'failing',
];

/** The share of profiles whose portrait comes first. */
const FACE_FIRST = 0.75;

/**
 * Plans the photos of a profile that the embedded quality model likes or not. One of them is a portrait: well made in a
 * good profile, with a fault otherwise.
 */
export function qualityPhotos(kind: Kind, random: Random, portrait: number): PhotoPlan[] {
  const count = Math.floor(between(random, 3, 7));
  const best = kind === 'good' ? 1 + Math.floor(random() * 2) : 0;
  const broken = kind === 'failing' ? Math.floor(random() * count) : -1;
  const face = { scene: 'portrait', seed: portrait, faults: best > 0 ? [] : [badFace(random)] } as const;
  const others = Array.from({ length: count - 1 }, (_, index) => {
    if (index < best - 1) return wellMade(random);
    return kind === 'good' ? anyPhoto(random) : badPhoto(random);
  });
  const plans = random() < FACE_FIRST ? [face, ...shuffled(random, others)] : shuffled(random, [face, ...others]);
  return plans.map((plan, index) => ({ ...plan, broken: index === broken }));
}

const newSeed = (random: Random) => Math.floor(random() * 2 ** 32);

/** A still life by window light, LIKE with 95% or more. */
const wellMade = (random: Random): PhotoPlan => ({ scene: 'stillLife', seed: newSeed(random), faults: [] });

const OUTDOORS = ['land', 'lake', 'dusk', 'shore', 'forest'] as const;

/** A fault and the range of its strength. */
interface WeakFault {
  readonly name: FaultName;
  readonly low: number;
  readonly high: number;
}

/** Gradual faults, weak enough that the model is uncertain about them. */
const WEAK: readonly [WeakFault, ...WeakFault[]] = [
  { name: 'tilted', low: 0.2, high: 0.6 },
  { name: 'flat', low: 0, high: 0.12 },
];

/** An outdoor photo, either flawless (90% or more) or with a barely visible fault (any confidence from 0 to 1). */
function anyPhoto(random: Random): PhotoPlan {
  const plan = { scene: pick(random, OUTDOORS), seed: newSeed(random) };
  if (random() < 0.15) return { ...plan, faults: [] };
  const { name, low, high } = pick(random, WEAK);
  return { ...plan, faults: [{ name, strength: between(random, low, high) }] };
}

interface SevereFault {
  readonly fault: FaultName;
  /** Scenes that the fault is sure to ruin. The sea still looks fine when shaken, and so does a forest when too bright. */
  readonly scenes: readonly [SceneName, ...SceneName[]];
}

const SEVERE: readonly [SevereFault, ...SevereFault[]] = [
  { fault: 'blurred', scenes: OUTDOORS },
  { fault: 'dark', scenes: OUTDOORS },
  { fault: 'flat', scenes: OUTDOORS },
  { fault: 'noisy', scenes: OUTDOORS },
  { fault: 'coarse', scenes: OUTDOORS },
  { fault: 'shaken', scenes: ['land', 'lake', 'dusk', 'forest'] },
  { fault: 'bright', scenes: ['lake', 'shore'] },
  { fault: 'crushed', scenes: ['lake', 'dusk', 'shore'] },
];

/** The faults that ruin any portrait. Too much light makes only some of them worse. */
const RUINOUS = SEVERE.map(({ fault }) => fault).filter((fault) => fault !== 'bright') as [FaultName, ...FaultName[]];

const badFace = (random: Random) => ({ name: pick(random, RUINOUS), strength: between(random, 0.45, 1) });

/** A badly taken outdoor photo: mostly below 10%, rarely above 30%. */
function badPhoto(random: Random): PhotoPlan {
  const { fault, scenes } = pick(random, SEVERE);
  const scene = pick(random, scenes);
  const seed = newSeed(random);
  const faults = [{ name: fault, strength: between(random, 0.45, 1) }];
  return { scene, seed, faults: random() < 0.25 ? [{ name: 'tilted', strength: random() }, ...faults] : faults };
}
