import { between, pick, type Random, shuffled } from '@swipenet/shared/random.ts';
import { type PhotoPlan, type SceneName, showsWater } from '../pictures/draw-photo.ts';
import type { FaultName } from '../pictures/faults.ts';

/** What a person takes photos of. */
type Theme = 'lake' | 'sea' | 'country' | 'evening' | 'forest' | 'table';

/**
 * The themes of every twenty profiles, so that each taste (tastes.ts) likes about the same share of every deck. Of two
 * themes, the first one has a single photo. All water in company is of that kind, because it is easy to recognize.
 */
export const THEMES_OF_TWENTY: readonly (readonly [Theme] | readonly [Theme, Theme])[] = [
  ['lake'],
  ['lake'],
  ['lake', 'country'],
  ['lake', 'forest'],
  ['lake', 'evening'],
  ['lake', 'table'],
  ['sea', 'country'],
  ['sea', 'forest'],
  ['country'],
  ['country'],
  ['evening', 'country'],
  ['forest', 'country'],
  ['table', 'country'],
  ['evening'],
  ['forest', 'evening'],
  ['table', 'evening'],
  ['forest'],
  ['forest'],
  ['forest', 'table'],
  ['table'],
];

/** The share of a lake's photos that are taken after sunset. Without them, any water would be easy to recognize. */
const LAKE_AT_DUSK = 0.35;

/** The share of photos with a fault, of any strength. */
const FAULTY = 0.6;

/** Faults that leave the time of day recognizable. A dark photo could as well be taken after sunset. */
const FAULTS: readonly [FaultName, ...FaultName[]] = ['blurred', 'shaken', 'flat', 'noisy', 'coarse', 'tilted'];

/** Plans 3 to 6 photos that together show all the given themes. Faults don't depend on the theme. */
export function themedPhotos(themes: (typeof THEMES_OF_TWENTY)[number], random: Random): PhotoPlan[] {
  const count = Math.floor(between(random, 3, 7));
  const plans = Array.from({ length: count }, (_, index) => {
    const scene = sceneOf(themes[index] ?? themes.at(-1)!, random);
    if (random() >= FAULTY) return { ...scene, faults: [] };
    return { ...scene, faults: [{ name: pick(random, FAULTS), strength: random() }] };
  });
  return shuffled(random, plans);
}

type Scene = Pick<PhotoPlan, 'scene' | 'seed'>;

function sceneOf(theme: Theme, random: Random): Scene {
  switch (theme) {
    case 'lake':
      return random() < LAKE_AT_DUSK ? dusk(random, true) : sceneFrom(random, 'lake');
    case 'sea':
      return sceneFrom(random, 'shore');
    case 'country':
      return sceneFrom(random, 'land');
    case 'evening':
      return dusk(random, false);
    case 'forest':
      return sceneFrom(random, 'forest');
    case 'table':
      return sceneFrom(random, 'stillLife');
  }
}

const sceneFrom = (random: Random, scene: SceneName): Scene => ({ scene, seed: Math.floor(random() * 2 ** 32) });

/** Plans a scene after sunset, with or without a lake. The scene's own seed decides that, so this tries seeds. */
function dusk(random: Random, withLake: boolean): Scene {
  for (;;) {
    const scene = sceneFrom(random, 'dusk');
    if (showsWater(scene) === withLake) return scene;
  }
}
