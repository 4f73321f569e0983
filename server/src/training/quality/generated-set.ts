import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { EncodedPhoto } from '../../image/photo-bytes.ts';
import { drawPicture, SCENES, type SceneName } from '../../pictures/draw-photo.ts';
import type { PlannedFault } from '../../pictures/faults.ts';
import { makeVariant, planVariant } from '../../pictures/photo-variant.ts';
import type { EvaluatedPhoto } from '../evaluation/metrics.ts';

/** A photo of the generated set. */
export interface GeneratedPhoto extends Pick<EvaluatedPhoto, 'label'> {
  readonly bytes: EncodedPhoto;
  readonly faults: readonly PlannedFault[];
}

/** The seeds start here, above those of the pictures that models are trained on (see sources.ts). */
const FIRST_SEED = 4_000_000_000;

/** The number of pictures in the set. Each is there well made and degraded. */
const GENERATED_PAIRS = 24;

/**
 * Generates a small test set on any machine: drawn pictures that no model was trained on and no demo shows, each of
 * them once well made and once with faults. A model's manifest records its metrics on this set, and tests check them.
 */
export async function* generatedSet(): AsyncGenerator<GeneratedPhoto> {
  const scenes = Object.keys(SCENES) as SceneName[];
  for (let number = 0; number < GENERATED_PAIRS; number += 1) {
    const plan = { scene: scenes[number % scenes.length]!, seed: FIRST_SEED + number, faults: [] };
    const picture = await drawPicture(plan);
    const random = seededRandom(seedOf(FIRST_SEED, number));
    for (const label of LABELS) yield { label, ...(await makeVariant(picture, planVariant(random, label === 'NOPE'))) };
  }
}
