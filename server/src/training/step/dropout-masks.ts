import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { DROPOUT_RATIOS, type DropoutName } from '../../googlenet/training-form.ts';
import type { MaskShapes } from './training-graph.ts';

/** Keeps the masks' numbers apart from those of crops and orders, which come from the same seed. */
const MASKS = 0x6d61736b;

/** The dropout masks of a step, 1 kept and 0 dropped: a function of the seed and the step's number alone. */
export function dropoutMasks(shapes: MaskShapes, seed: number, step: number): Map<DropoutName, Uint8Array> {
  return new Map(
    [...shapes].map(([name, shape], index) => {
      const random = seededRandom(seedOf(seed, MASKS, step, index));
      const ratio = DROPOUT_RATIOS[name];
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, Uint8Array.from({ length }, () => (random() < ratio ? 0 : 1))] as const;
    }),
  );
}
