import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { DROPOUT_RATIOS, type DropoutName } from '../../googlenet/training-form.ts';
import type { MaskShapes } from './training-graph.ts';

/** Separates the masks' random numbers from those of crops and shuffling, which have the same seed. */
const MASKS = 0x6d61736b;

/** Draws the dropout masks of a step: 1 keeps, 0 drops. They depend only on the random seed and the step's number. */
export function dropoutMasks(shapes: MaskShapes, seed: number, step: number): Map<DropoutName, Uint8Array> {
  return new Map(
    [...shapes].map(([name, shape], index) => {
      const random = seededRandom(seedOf(seed, MASKS, step, index));
      const ratio = DROPOUT_RATIOS[name];
      const length = shape.reduce((product, size) => product * size, 1);
      const mask = new Uint8Array(length);
      // A plain loop, because `Uint8Array.from` takes ten times as long.
      for (let at = 0; at < length; at += 1) mask[at] = random() < ratio ? 0 : 1;
      return [name, mask] as const;
    }),
  );
}
