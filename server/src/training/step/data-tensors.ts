import type { DropoutName } from '../../googlenet/training-form.ts';
import type { Tensor } from '../../runtime/session.ts';
import { type MaskShapes, maskInput, type TrainingShape } from './training-graph.ts';

/** What the gradients of a step, or of a part of its batch, are computed from. */
export interface StepData {
  /** `[N, 1, cropSize, cropSize]`: crops. */
  readonly photos: Uint8Array;
  /** `[N]` each: where the crops are in their photos (`Batch`). */
  readonly origins: Int32Array;
  readonly directions: Int32Array;
  /** `[N, classes]`: each photo's weight for each class. A photo with a label has 1 there and 0 elsewhere. */
  readonly targets: Float32Array;
  readonly masks: ReadonlyMap<DropoutName, Uint8Array>;
}

/**
 * Joins what the gradients of several steps or parts are computed from.
 *
 * @param asStack makes the steps or parts the first axis. Without it, there must be only one.
 */
export function dataTensors(
  { batchSize, cropSize, classes }: TrainingShape,
  masks: MaskShapes,
  inputs: readonly StepData[],
  asStack: boolean,
): Record<string, Tensor> {
  const join = (shape: readonly number[], parts: readonly Tensor['data'][]) => stacked(shape, parts, asStack);
  return {
    photos: join(
      [batchSize, 1, cropSize, cropSize],
      inputs.map(({ photos }) => photos),
    ),
    origins: join(
      [batchSize],
      inputs.map(({ origins }) => origins),
    ),
    directions: join(
      [batchSize],
      inputs.map(({ directions }) => directions),
    ),
    targets: join(
      [batchSize, classes],
      inputs.map(({ targets }) => targets),
    ),
    ...Object.fromEntries(
      [...masks].map(([name, shape]) => [
        maskInput(name),
        join(
          shape,
          inputs.map((input) => input.masks.get(name)!),
        ),
      ]),
    ),
  };
}

/** Concatenates arrays of the same type, each of this shape, along a new first axis, or returns the only one as it is. */
export function stacked(shape: readonly number[], parts: readonly Tensor['data'][], asStack: boolean): Tensor {
  const [first] = parts as [Tensor['data']];
  if (!asStack) return { data: first, shape };
  const data = new (first.constructor as new (length: number) => typeof first)(parts.length * first.length);
  for (const [index, part] of parts.entries()) data.set(part, index * first.length);
  return { data, shape: [parts.length, ...shape] };
}
