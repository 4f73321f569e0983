import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { randomWeights } from '../../../../test/support/random-weights.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { openSession } from '../../runtime/session.ts';
import { buildFeatureModel, FEATURE_COUNT } from './feature-model.ts';
import { foldHead, spareFactor, spareFilters } from './fold-head.ts';
import { marginsOfRows } from './logistic.ts';

const weights = randomWeights(21);
const MEAN = 114.7;
const shape = [2, 1, 224, 224];
const levels = Uint8Array.from(uniform(seededRandom(6), 2 * 224 * 224, 127), (level) => level + 128);

describe('a head folded into its network', () => {
  it('serves the head’s own confidences, with an evidence map that adds up to them', async () => {
    const open = (model: Uint8Array) => openSession({ model, device: 'cpu', threads: 2 });
    const extractor = await open(buildFeatureModel(weights));
    const { features } = await extractor.run({ photos: { data: Float32Array.from(levels, (at) => at - MEAN), shape } });
    await extractor.close();
    const rows = Float64Array.from(features!.data);
    expect(features?.shape).toEqual([2, FEATURE_COUNT]);

    const spare = spareFilters(rows);
    const head = { weights: Float64Array.from(uniform(seededRandom(7), FEATURE_COUNT, 0.3)), bias: 0 };
    for (const filter of spare) head.weights[filter] = 0;
    const [first, second] = marginsOfRows(rows, head) as unknown as [number, number];
    head.bias = 0.4 - (first + second) / 2; // keeps both photos' confidences away from 0 and 1
    const margins = marginsOfRows(rows, head);

    const folded = foldHead(weights, head, spare);
    const served = await open(buildServingModel({ weights: folded, mean: MEAN, temperature: 1, storage: 'float32' }));
    const { confidence, evidence } = await served.run({ photos: { data: levels, shape } });
    await served.close();
    const bias = folded.get('loss3/classifier.bias')!.data;
    for (const [photo, margin] of margins.entries()) {
      expect(Math.abs(confidence!.data[2 * photo + 1]! - 1 / (1 + Math.exp(-margin)))).toBeLessThan(1e-5);
      const map = evidence!.data.subarray(49 * photo, 49 * (photo + 1));
      const mean = map.reduce((sum, place) => sum + place / 49, 0);
      expect(Math.abs(mean + bias[1]! - bias[0]! - margin)).toBeLessThan(1e-4);
    }
    expect(Math.abs(margins[0]! - margins[1]!)).toBeGreaterThan(0.01); // the photos must differ
  }, 30_000);

  it('serves the same confidences whatever factor its spare filters have', async () => {
    const head = { weights: Float64Array.from(uniform(seededRandom(8), FEATURE_COUNT, 0.01)), bias: 0 };
    for (const filter of [3, 5]) head.weights[filter] = 0;
    const likes = [];
    for (const factor of [1, 0.01, 30]) {
      const folded = foldHead(weights, head, [3, 5], factor);
      const served = await openSession({
        model: buildServingModel({ weights: folded, mean: MEAN, temperature: 1, storage: 'float32' }),
        ...{ device: 'cpu', threads: 2 },
      });
      likes.push([...(await served.run({ photos: { data: levels, shape } })).confidence!.data]);
      await served.close();
    }
    for (const other of likes.slice(1)) {
      for (const [index, like] of other.entries()) expect(like).toBeCloseTo(likes[0]![index]!, 5);
    }
    expect(Math.abs(likes[0]![1]! - likes[0]![3]!)).toBeGreaterThan(1e-4); // the photos must differ
  }, 30_000);

  it('has the largest mean output that was asked for', () => {
    const rows = Float64Array.from(uniform(seededRandom(9), 20 * FEATURE_COUNT, 1));
    const head = { weights: Float64Array.from(uniform(seededRandom(10), FEATURE_COUNT, 1)), bias: 3 };
    const factor = spareFactor(head, rows, 4);
    const outputs = Array.from({ length: 20 }, (_, row) => {
      const features = rows.subarray(row * FEATURE_COUNT + 1024, (row + 1) * FEATURE_COUNT);
      return factor * features.reduce((sum, feature, at) => sum + feature * head.weights[1024 + at]!, 0);
    });
    expect(Math.max(...outputs.map(Math.abs))).toBeCloseTo(4);
    head.weights.fill(0, 1024);
    expect(spareFactor(head, rows, 4)).toBe(1); // it has nothing to fold
  });

  it('rejects a head that uses the spare filters', () => {
    const head = { weights: new Float64Array(FEATURE_COUNT).fill(1), bias: 0 };
    expect(() => foldHead(weights, head, [3, 5])).toThrow('the head uses filters 3,5');
  });
});

describe('the spare filters', () => {
  it('are the two of the first branch with the smallest variance', () => {
    const random = seededRandom(3);
    const rows = Float32Array.from({ length: 10 * FEATURE_COUNT }, () => random());
    for (let row = 0; row < 10; row += 1) {
      rows[row * FEATURE_COUNT + 7] = 5;
      rows[row * FEATURE_COUNT + 300] = 5 + 0.01 * row;
      rows[row * FEATURE_COUNT + 500] = 5; // belongs to another branch
    }
    expect(spareFilters(rows)).toEqual([7, 300]);
  });
});
