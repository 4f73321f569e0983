import type { Tensor } from '../../runtime/session.ts';
import type { StepInput } from './training-engine.ts';
import { type MaskShapes, maskInput, type TrainingShape } from './training-graph.ts';

/** Joins what the gradients of several steps or parts are computed from. If there is one, the tensors have no axis for it. */
export function dataTensors(
  { batchSize, cropSize, classes }: TrainingShape,
  masks: MaskShapes,
  inputs: readonly Omit<StepInput, 'learningRate'>[],
): Record<string, Tensor> {
  return {
    photos: stacked(
      [batchSize, 1, cropSize, cropSize],
      inputs.map(({ photos }) => photos),
    ),
    origins: stacked(
      [batchSize],
      inputs.map(({ origins }) => origins),
    ),
    directions: stacked(
      [batchSize],
      inputs.map(({ directions }) => directions),
    ),
    targets: stacked(
      [batchSize, classes],
      inputs.map(({ targets }) => targets),
    ),
    ...Object.fromEntries(
      [...masks].map(([name, shape]) => [
        maskInput(name),
        stacked(
          shape,
          inputs.map((input) => input.masks.get(name)!),
        ),
      ]),
    ),
  };
}

/** Concatenates arrays of the same type, each of this shape, along a new first axis, or returns the only one as it is. */
export function stacked(shape: readonly number[], parts: readonly Tensor['data'][]): Tensor {
  const [first] = parts as [Tensor['data']];
  if (parts.length === 1) return { data: first, shape };
  const data = new (first.constructor as new (length: number) => typeof first)(parts.length * first.length);
  for (const [index, part] of parts.entries()) data.set(part, index * first.length);
  return { data, shape: [parts.length, ...shape] };
}
