import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../../test/support/random.ts';
import { randomWeights } from '../../../../../test/support/random-weights.ts';
import { buildServingModel } from '../../../googlenet/serving-model.ts';
import { parameterShapes, type WeightTensor } from '../../../googlenet/weights.ts';
import { meansOf, readNetwork } from '../../../interchange/import-network.ts';
import { adaptParameters, initialParameters } from './initialize.ts';

const shapes = new Map<string, readonly number[]>([
  ['conv1.weight', [4, 1, 3, 3]],
  ['conv1.bias', [4]],
  ['loss1/fc.weight', [3, 4]],
  ['loss1/fc.bias', [3]],
  ['loss3/classifier.weight', [2, 4]],
  ['loss3/classifier.bias', [2]],
]);

describe('a randomly initialized network', () => {
  const parameters = initialParameters(parameterShapes(), 1);

  it('has weights that are uniform within √(3 / fan-in), so that their variance is 1 / fan-in', () => {
    const { data } = parameters.get('inception_5b/3x3.weight')!;
    const fanIn = 192 * 9;
    const largest = data.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(Math.sqrt(3 / fanIn)));
    const variance = data.reduce((sum, number) => sum + number * number, 0) / data.length;
    expect(variance * fanIn).toBeCloseTo(1, 2);
  });

  it('has biases of 0.2, but 0 for classifiers', () => {
    expect(new Set(parameters.get('conv1/7x7_s2.bias')!.data)).toEqual(new Set([Math.fround(0.2)]));
    expect(new Set(parameters.get('loss3/classifier.bias')!.data)).toEqual(new Set([0]));
  });

  it('is the same for the same random seed, and different for another', () => {
    expect(initialParameters(shapes, 7)).toEqual(initialParameters(shapes, 7));
    expect(initialParameters(shapes, 7)).not.toEqual(initialParameters(shapes, 8));
  });
});

describe('a network adapted from another', () => {
  const random = seededRandom(3);
  const tensor = (...shape: number[]): WeightTensor => ({
    shape,
    data: uniform(
      random,
      shape.reduce((product, size) => product * size, 1),
      1,
    ),
  });
  const color = new Map([
    ['conv1.weight', tensor(4, 3, 3, 3)],
    ['conv1.bias', tensor(4)],
    ['loss3/classifier.weight', tensor(1000, 4)],
    ['loss3/classifier.bias', tensor(1000)],
  ]);

  it('sees in a gray photo what the color network saw in it', () => {
    const means = [104, 117, 123];
    const { parameters } = adaptParameters({ weights: color, means }, shapes, 90, 1);
    const photo = uniform(random, 9, 100).map((level) => level + 128); // the pixels under one kernel
    const filter = (weights: ReadonlyMap<string, WeightTensor>, index: number, subtracted: readonly number[]) => {
      const { data } = weights.get('conv1.weight')!;
      const sums = subtracted.map((mean, channel) =>
        photo.reduce((sum, level, tap) => {
          return sum + data[(index * subtracted.length + channel) * 9 + tap]! * (level - mean);
        }, 0),
      );
      return weights.get('conv1.bias')!.data[index]! + sums.reduce((total, sum) => total + sum, 0);
    };
    for (let index = 0; index < 4; index += 1) {
      expect(filter(parameters, index, [90])).toBeCloseTo(filter(color, index, means), 2);
    }
  });

  it('gets a new classifier for other classes and new auxiliary classifiers, and lists them', () => {
    const { parameters, fresh } = adaptParameters({ weights: color, means: undefined }, shapes, 90, 1);
    expect(fresh).toEqual(['loss1/fc.weight', 'loss1/fc.bias', 'loss3/classifier.weight', 'loss3/classifier.bias']);
    expect(parameters.get('loss3/classifier.weight')).toEqual(
      initialParameters(shapes, 1).get('loss3/classifier.weight'),
    );
  });

  it('keeps a classifier that fits', () => {
    const weights = new Map([
      ...color,
      ['loss3/classifier.weight', tensor(2, 4)],
      ['loss3/classifier.bias', tensor(2)],
    ]);
    const { parameters, fresh } = adaptParameters({ weights, means: 90 }, shapes, 90, 1);
    expect(fresh).toEqual(['loss1/fc.weight', 'loss1/fc.bias']);
    expect(parameters.get('loss3/classifier.weight')!.data).toBe(weights.get('loss3/classifier.weight')!.data);
  });

  it.each<[string, [string, WeightTensor | undefined], string]>([
    ['a missing bias', ['conv1.bias', undefined], 'the layer conv1 is missing'],
    [
      'a layer of another size',
      ['conv1.weight', tensor(5, 1, 3, 3)],
      'conv1.weight has shape [5,1,3,3], expected [4,1,3,3]',
    ],
    ['a NaN', ['conv1.bias', { shape: [4], data: new Float32Array(4).fill(Number.NaN) }], 'aren’t finite numbers'],
  ])('names the tensor that doesn’t fit: %s', (_what, [name, changed], message) => {
    const weights = new Map<string, WeightTensor>(color);
    if (changed) weights.set(name, changed);
    else weights.delete(name);
    expect(() => adaptParameters({ weights, means: undefined }, shapes, 90, 1)).toThrow(message);
  });
});

describe('the parameters of a published model', () => {
  const weights = randomWeights(2);

  it.each(['float32', 'float16'] as const)('read back as they were written, stored as %s', (storage) => {
    const mean = new Float32Array(224 * 224).fill(100).with(0, 100 + 224 * 224);
    const read = readNetwork(buildServingModel({ weights, mean, temperature: 2, storage }));
    expect([...read.weights.keys()].toSorted()).toEqual([...weights.keys()].toSorted());
    expect(meansOf(read)?.[0]).toBeCloseTo(101, 5);
    const { data } = weights.get('inception_3a/3x3.weight')!;
    const kept = storage === 'float32' ? data : data.map(Math.f16round);
    expect(read.weights.get('inception_3a/3x3.weight')).toEqual({ shape: [128, 96, 3, 3], data: kept });
  });
});
