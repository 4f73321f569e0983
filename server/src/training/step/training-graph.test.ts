// @module-tag slow
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { DROPOUT_RATIOS, type DropoutName } from '../../googlenet/training-form.ts';
import { openSession, type Tensor } from '../../runtime/session.ts';
import { centerOf, placeOf, randomCrop } from '../dataset/batches/augment.ts';
import { oneHot } from './loss.ts';
import { fromRows, GROUPS, rowTensor } from './state-layout.ts';
import {
  buildEvaluationModel,
  buildTrainingModel,
  maskInput,
  parameterCount,
  planTraining,
  type TrainingGraphOptions,
} from './training-graph.ts';

const tiny = {
  batchSize: 2,
  cropSize: 96,
  classes: 2,
  width: 1 / 8,
  momentum: 0.9,
  weightDecay: 1e-4,
  stepsPerCall: 1,
  mean: uniform(seededRandom(8), 256 * 256, 1.5).map((level) => level + 1.5),
};
const plan = planTraining(tiny);

/** Rows that are partly either class, and that weigh more and less than 1. */
const SOFT_TARGETS = Float32Array.of(0.3, 1.9, 0.45, 0.05);

/**
 * Random parameters that preserve the variance through the layers, and `steps` batches of photos, targets and masks.
 *
 * @param targets those of every step. By default, random labels.
 */
function inputs(seed: number, steps: number, targets?: Float32Array) {
  const random = seededRandom(seed);
  const parameters = Object.fromEntries(
    GROUPS.map((group) => {
      const parts = plan.layout[group].places.flatMap(({ shape, size }) => {
        const fanIn = size / shape[0]!;
        return [...uniform(random, size, group === 'weights' ? Math.sqrt(6 / fanIn) : 0.1)];
      });
      return [group, Float32Array.from(parts)];
    }),
  ) as Record<(typeof GROUPS)[number], Float32Array>;
  const ofSteps = <Item>(make: () => Item) => Array.from({ length: steps }, make);
  return {
    parameters,
    photos: ofSteps(() => Uint8Array.from({ length: 2 * 96 * 96 }, () => 4 * random())),
    places: ofSteps(() => [0, 1].map(() => placeOf(randomCrop(random, 96, true)))),
    targets: ofSteps(() => {
      const labels = [0, 1].map((label) => (random() < 0.2 ? 1 - label : label));
      return targets ?? oneHot(labels, 2);
    }),
    masks: ofSteps(
      () =>
        new Map(
          [...plan.masks].map(([name, shape]) => [
            name,
            Uint8Array.from({ length: shape[0]! * shape[1]! }, () => (random() < DROPOUT_RATIOS[name] ? 0 : 1)),
          ]),
        ),
    ),
  };
}

type Inputs = ReturnType<typeof inputs>;

function stateTensors(
  { weights, biases }: Inputs['parameters'],
  momenta?: Inputs['parameters'],
): Record<string, Tensor> {
  const { layout } = plan;
  return {
    weights: rowTensor(layout.weights, weights),
    biases: rowTensor(layout.biases, biases),
    weights_momenta: rowTensor(layout.weights, momenta?.weights ?? new Float32Array(weights.length)),
    biases_momenta: rowTensor(layout.biases, momenta?.biases ?? new Float32Array(biases.length)),
  };
}

function stepTensors(
  { photos, places, targets, masks }: Inputs,
  step: number,
  learningRate: number,
): Record<string, Tensor> {
  const maskTensors = [...masks[step]!].map(
    ([name, data]) => [maskInput(name), { data, shape: plan.masks.get(name)! }] as const,
  );
  return {
    photos: { data: photos[step]!, shape: [2, 1, 96, 96] },
    origins: { data: Int32Array.from(places[step]!, ({ origin }) => origin), shape: [2] },
    directions: { data: Int32Array.from(places[step]!, ({ direction }) => direction), shape: [2] },
    targets: { data: targets[step]!, shape: [2, 2] },
    learning_rate: { data: Float32Array.of(learningRate), shape: [] },
    ...Object.fromEntries(maskTensors),
  };
}

const open = (options: Partial<TrainingGraphOptions>) =>
  openSession({ model: buildTrainingModel({ ...tiny, ...options }), device: 'cpu', threads: 1 });

/** The first step's photos minus the mean where their pixels are. */
function centered({ photos: [photos], places: [places] }: Pick<Inputs, 'photos' | 'places'>): Float32Array {
  return Float32Array.from(photos!, (level, at) => {
    const { origin, direction } = places![Math.floor(at / 96 ** 2)]!;
    const [y, x] = [Math.floor((at % 96 ** 2) / 96), at % 96];
    return level - tiny.mean[origin + 256 * y + direction * x]!;
  });
}

/** The same network in TensorFlow.js, from the layers' names alone. The weights' shapes give filters and kernels. */
function tfLoss(weights: ReadonlyMap<string, tf.Tensor>, { targets: all, masks, ...given }: Inputs): tf.Scalar {
  const weight = (name: string) => weights.get(`${name}.weight`)!;
  const bias = (name: string) => weights.get(`${name}.bias`)!;
  const conv = (x: tf.Tensor4D, name: string, stride = 1) => {
    const kernel = tf.transpose(weight(name), [2, 3, 1, 0]) as tf.Tensor4D;
    return tf.relu(tf.add(tf.conv2d(x, kernel, stride, (kernel.shape[0] - 1) / 2), bias(name))) as tf.Tensor4D;
  };
  const pool = (x: tf.Tensor4D, stride: number) => tf.maxPool(x, 3, stride, 'same'); // pads even maps at the end
  const norm = (x: tf.Tensor4D) => tf.localResponseNormalization(x, 2, 1, 1e-4 / 5, 0.75);
  const linear = (x: tf.Tensor2D, name: string) =>
    tf.add(tf.matMul(x, weight(name) as tf.Tensor2D, false, true), bias(name)) as tf.Tensor2D;
  const drop = (x: tf.Tensor2D, name: DropoutName) => {
    const mask = tf.tensor2d(Float32Array.from(masks[0]!.get(name)!), x.shape);
    return tf.div(tf.mul(x, mask), 1 - DROPOUT_RATIOS[name]) as tf.Tensor2D;
  };
  const inception = (x: tf.Tensor4D, module: string) => {
    const name = `inception_${module}`;
    return tf.concat4d(
      [
        conv(x, `${name}/1x1`),
        conv(conv(x, `${name}/3x3_reduce`), `${name}/3x3`),
        conv(conv(x, `${name}/5x5_reduce`), `${name}/5x5`),
        conv(pool(x, 1), `${name}/pool_proj`),
      ],
      3,
    );
  };
  const losses: tf.Scalar[] = [];
  const targets = tf.tensor2d(all[0]!, [2, 2]);
  const lose = (logits: tf.Tensor2D, share: number) => {
    losses.push(tf.mul(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)), -share) as tf.Scalar);
  };
  const auxiliary = (x: tf.Tensor4D, name: 'loss1' | 'loss2') => {
    const map = tf.transpose(conv(tf.avgPool(x, 5, 3, 'valid'), `${name}/conv`), [0, 3, 1, 2]);
    const hidden = tf.relu(linear(tf.reshape(map, [2, -1]), `${name}/fc`)) as tf.Tensor2D;
    lose(linear(drop(hidden, `${name}/drop_fc`), `${name}/classifier`), 0.3);
  };
  let x = tf.transpose(tf.tensor4d(centered(given), [2, 1, 96, 96]), [0, 2, 3, 1]);
  x = norm(pool(conv(x, 'conv1/7x7_s2', 2), 2));
  x = pool(norm(conv(conv(x, 'conv2/3x3_reduce'), 'conv2/3x3')), 2);
  x = pool(inception(inception(x, '3a'), '3b'), 2);
  x = inception(x, '4a');
  auxiliary(x, 'loss1');
  for (const module of ['4b', '4c', '4d']) x = inception(x, module);
  auxiliary(x, 'loss2');
  x = pool(inception(x, '4e'), 2);
  x = inception(inception(x, '5a'), '5b');
  lose(linear(drop(tf.mean(x, [1, 2]) as tf.Tensor2D, 'pool5/drop_7x7_s1'), 'loss3/classifier'), 1);
  return tf.sum(tf.stack(losses));
}

describe('the training graph', () => {
  beforeAll(async () => {
    tf.enableProdMode(); // no banner
    await tf.setBackend('cpu');
  });

  it('has exactly 10,303,158 parameters with both auxiliary classifiers', () => {
    expect(parameterCount(planTraining({ batchSize: 1, cropSize: 224, classes: 2, width: 1 }))).toBe(10_303_158);
  });

  it.each([
    ['labels', undefined],
    ['soft targets of different weights', SOFT_TARGETS],
  ])('has the gradients of an independent framework, for the whole network with dropout and %s', async (_, targets) => {
    const given = inputs(3, 1, targets);
    // Without momentum and at learning rate 1, the new momenta are the gradients (for biases, twice the gradients).
    const session = await open({ momentum: 0, weightDecay: 0 });
    const outputs = await session.run({ ...stateTensors(given.parameters), ...stepTensors(given, 0, 1) });
    await session.close();
    const found = fromRows(plan.layout, {
      weights: outputs.next_weights_momenta!.data,
      biases: outputs.next_biases_momenta!.data.map((number) => number / 2),
    });

    const parameters = fromRows(plan.layout, given.parameters);
    const names = [...parameters.keys()];
    const tensors = [...parameters.values()].map(({ data, shape }) => tf.tensor(data, [...shape]));
    const loss = (...values: tf.Tensor[]) => tfLoss(new Map(names.map((name, at) => [name, values[at]!])), given);
    const { value, grads } = tf.valueAndGrads(loss)(tensors);
    const [main, ...auxiliary] = outputs.losses!.data;
    const total = main! + 0.3 * auxiliary.reduce((sum, one) => sum + one, 0);
    expect(total).toBeCloseTo((await value.data())[0]!, 5);
    const errors = names.map((name, at) => {
      const expected = grads[at]!.dataSync();
      const largest = Math.max(...Float32Array.from(expected, Math.abs));
      expect(largest).toBeGreaterThan(0);
      const differences = found.get(name)!.data.map((number, index) => Math.abs(number - expected[index]!));
      return Math.max(...differences) / largest;
    });
    expect(Math.max(...errors)).toBeLessThan(1e-4);
  });

  it('gives bit for bit the same results in a Loop of steps as in single steps', async () => {
    const steps = 3;
    const given = inputs(4, steps);
    const rates = [0.01, 0.005, 0.02];
    const single = await open({});
    let state = stateTensors(given.parameters);
    const losses: number[] = [];
    for (const [step, rate] of rates.entries()) {
      const outputs = await single.run({ ...state, ...stepTensors(given, step, rate) });
      state = Object.fromEntries(Object.keys(state).map((name) => [name, outputs[`next_${name}`]!]));
      losses.push(...outputs.losses!.data);
    }
    await single.close();

    const looped = await open({ stepsPerCall: steps });
    const stacked = Object.keys(stepTensors(given, 0, 0)).map((name): [string, Tensor] => {
      const parts = rates.map((rate, step) => stepTensors(given, step, rate)[name]!);
      const shape = [steps, ...parts[0]!.shape];
      const numbers = parts.flatMap(({ data }) => [...data]);
      const { from } = parts[0]!.data.constructor as typeof Float32Array;
      return [name, { data: from.call(parts[0]!.data.constructor, numbers), shape }];
    });
    const outputs = await looped.run({ ...stateTensors(given.parameters), ...Object.fromEntries(stacked) });
    await looped.close();
    expect([...outputs.losses!.data]).toEqual(losses);
    for (const [name, { data }] of Object.entries(state)) {
      expect(Buffer.compare(bytesOf(outputs[`next_${name}`]!.data), bytesOf(data as Float32Array))).toBe(0);
    }
  });

  it('evaluates the network without auxiliary classifiers and dropout, with the weights in the state', async () => {
    const { origin } = placeOf(centerOf(96));
    const given = { ...inputs(5, 1), places: [[0, 1].map(() => ({ origin, direction: 1 as const }))] };
    for (const mask of given.masks[0]!.values()) mask.fill(1);
    const training = await open({});
    const evaluation = await openSession({ model: buildEvaluationModel(tiny), device: 'cpu', threads: 1 });
    const { photos, ...rest } = stepTensors(given, 0, 0);
    const state = stateTensors(given.parameters);
    const { logits } = await evaluation.run({ photos: photos!, weights: state.weights!, biases: state.biases! });
    const trained = await training.run({ ...state, photos: photos!, ...rest });
    // With a mask that keeps everything, dropout still divides by the keep ratio. The logits are linear in that scale.
    const [, bias] = [...fromRows(plan.layout, given.parameters)].find(([name]) => name === 'loss3/classifier.bias')!;
    trained.logits!.data.forEach((logit, index) => {
      const offset = bias.data[index % 2]!;
      expect((logit - offset) * 0.6 + offset).toBeCloseTo(logits!.data[index]!, 4);
    });
    await Promise.all([training.close(), evaluation.close()]);
  });
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);
