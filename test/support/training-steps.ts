import { initialParameters } from '@swipenet/server/training/run/start/initialize.ts';
import { dropoutMasks } from '@swipenet/server/training/step/dropout-masks.ts';
import { toRows } from '@swipenet/server/training/step/state-layout.ts';
import type { StepInput, TrainingState } from '@swipenet/server/training/step/training-engine.ts';
import { planTraining, type TrainingShape } from '@swipenet/server/training/step/training-graph.ts';
import { seededRandom } from './random.ts';

/** A small network that uses every operator of the full one, and how it is trained. */
export const SMALL_GRAPH = {
  ...{ cropSize: 96, classes: 2, width: 1 / 8, momentum: 0.9, weightDecay: 1e-4, stepsPerCall: 1 },
  mean: new Float32Array(256 * 256).fill(100),
};

/** Returns a network's state before its first step. */
export function stateBefore(shape: TrainingShape): TrainingState {
  const { layout, shapes } = planTraining(shape);
  const momenta = { weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) };
  return { parameters: toRows(layout, initialParameters(shapes, 1)), momenta };
}

/** Returns the input of a step: different photos, some of them mirrored, with dropout masks. */
export function stepInput(shape: TrainingShape, step: number): StepInput {
  const { batchSize, cropSize } = shape;
  const random = seededRandom(step + 1); // noise, so that no two places of a map are equally bright up to rounding
  const each = <Item>(make: (photo: number) => Item) => Array.from({ length: batchSize }, (_, photo) => make(photo));
  return {
    photos: Uint8Array.from({ length: batchSize * cropSize ** 2 }, () => 256 * random()),
    origins: Int32Array.from(each((photo) => (photo % 2 ? cropSize - 1 : 0))),
    directions: Int32Array.from(each((photo) => (photo % 2 ? -1 : 1))),
    targets: Float32Array.from(each((photo) => (photo % 2 ? [0, 1] : [1, 0])).flat()),
    masks: dropoutMasks(planTraining(shape).masks, 1, step),
    learningRate: 0.001,
  };
}
