import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { openSession, type Tensor } from '../../runtime/session.ts';
import { GROUPS, rowTensor } from '../step/state-layout.ts';
import { ADAM } from './adam.ts';
import {
  buildDistillationModel,
  buildStudentEvaluation,
  LOSS_PARTS,
  lossOf,
  MODULES,
  planStudent,
} from './distillation-graph.ts';

const SHAPE = { cropSize: 96, width: 1 / 8 };
const BATCH = 2;
const plan = planStudent(SHAPE);
const random = seededRandom(11);

const scales = Object.fromEntries(
  MODULES.map((module) => {
    const features = uniform(random, plan.maps[module][0]!, 0.5).map((number) => number + 1);
    return [module, { features, map: 0.8 }];
  }),
) as Parameters<typeof buildDistillationModel>[2];

const parameters = Object.fromEntries(
  GROUPS.map((group) => {
    const parts = plan.layout[group].places.flatMap(({ shape, size }) => {
      return [...uniform(random, size, group === 'weights' ? Math.sqrt(6 / (size / shape[0]!)) : 0.1)];
    });
    return [group, Float32Array.from(parts)];
  }),
) as Record<(typeof GROUPS)[number], Float32Array>;

const weightsRow = (data: Float32Array) => rowTensor(plan.layout.weights, data);
const biasesRow = (data: Float32Array) => rowTensor(plan.layout.biases, data);
const mapOf = (module: (typeof MODULES)[number]): Tensor => {
  const shape = [BATCH, ...plan.maps[module]];
  return {
    data: uniform(
      random,
      shape.reduce((a, b) => a * b),
      1,
    ),
    shape,
  };
};
const data = {
  photos: { data: uniform(random, BATCH * 96 * 96, 1.5), shape: [BATCH, 1, 96, 96] },
  map5b: mapOf('5b'),
  map5a: mapOf('5a'),
};

describe('the distillation graph', () => {
  it('has the gradient that finite differences give, and evaluates to the same losses', async () => {
    const training = await openSession({
      model: buildDistillationModel(SHAPE, BATCH, scales),
      device: 'cpu',
      threads: 1,
    });
    const evaluation = await openSession({ model: buildStudentEvaluation(SHAPE, scales), device: 'cpu', threads: 1 });
    const zeros = (group: (typeof GROUPS)[number]) =>
      rowTensor(plan.layout[group], new Float32Array(parameters[group].length));
    const outputs = await training.run({
      ...data,
      ...{ weights: weightsRow(parameters.weights), biases: biasesRow(parameters.biases) },
      ...{ weights_first: zeros('weights'), weights_second: zeros('weights') },
      ...{ biases_first: zeros('biases'), biases_second: zeros('biases') },
      learning_rate: { data: Float32Array.of(0.5), shape: [] },
    });
    const partsAt = async (weights: Float32Array, biases: Float32Array) => {
      const errors = await evaluation.run({ ...data, weights: weightsRow(weights), biases: biasesRow(biases) });
      return LOSS_PARTS.map(({ name }) => errors[`error_${name}`]!.data.reduce((a, b) => a + b) / BATCH);
    };
    const parts = await partsAt(parameters.weights, parameters.biases);
    parts.forEach((part, index) => {
      expect(part).toBeGreaterThan(0);
      expect(outputs.losses!.data[index]! / part).toBeCloseTo(1, 5);
    });

    // The first moments start at 0, so they are (1 − β₁) times the gradient.
    const gradients = Object.fromEntries(
      GROUPS.map((group) => [group, outputs[`next_${group}_first`]!.data.map((n) => n / (1 - ADAM.beta1))]),
    ) as typeof parameters;
    for (const group of GROUPS) {
      for (const [index, gradient] of gradients[group].entries()) {
        if (index % 997 !== 0 || Math.abs(gradient) < 1e-4) continue;
        const moved = parameters[group][index]! - outputs[`next_${group}`]!.data[index]!;
        const expected = (0.5 * 0.1 * gradient) / (Math.sqrt(0.001 * gradient ** 2) + ADAM.epsilon);
        expect(moved / expected).toBeCloseTo(1, 3);
      }
    }
    for (const group of GROUPS) {
      for (const { offset, size, name } of plan.layout[group].places) {
        const own = gradients[group].subarray(offset, offset + size);
        const norm = Math.hypot(...own);
        expect(norm, name).toBeGreaterThan(0);
        // Along its own gradient a layer's loss changes fastest, which drowns the rounding.
        const along = async (step: number) => {
          const rows = { ...parameters, [group]: Float32Array.from(parameters[group]) };
          for (let at = 0; at < size; at += 1) rows[group][offset + at]! += (step * own[at]!) / norm;
          return lossOf(await partsAt(rows.weights, rows.biases));
        };
        const step = 3e-3;
        const slope = ((await along(step)) - (await along(-step))) / (2 * step);
        expect(slope / norm, name).toBeGreaterThan(0.95);
        expect(slope / norm, name).toBeLessThan(1.05);
      }
    }
    await Promise.all([training.close(), evaluation.close()]);
  });
});
