import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { EncodedPhoto } from '../../image/photo-bytes.ts';
import { drawPicture, SCENES, type SceneName } from '../../pictures/draw-photo.ts';
import type { PlannedFault } from '../../pictures/faults.ts';
import { makeVariant, planVariant } from '../../pictures/photo-variant.ts';
import type { JudgedPhoto } from '../evaluation/metrics.ts';

/** A file of the generated set. */
export interface GeneratedPhoto extends Pick<JudgedPhoto, 'label'> {
  readonly bytes: EncodedPhoto;
  readonly faults: readonly PlannedFault[];
}

/** Behind the seeds that pictures for learning are drawn with (see sources.ts). */
const FIRST_SEED = 4_000_000_000;

/** Pictures of the set; each is there well made and spoilt. */
export const GENERATED_PAIRS = 24;

/**
 * A small set that any machine can make: drawn pictures that no model learnt from and no demo shows, each once well made
 * and once with faults. What a model makes of it stands in its manifest, and the tests hold it to that.
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
