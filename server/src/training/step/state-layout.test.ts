import { describe, expect, it } from 'vitest';
import { stateLayout } from './state-layout.ts';
import { planTraining } from './training-graph.ts';

const SIZES = { batchSize: 1, cropSize: 224, classes: 2 };

describe('the row of a group', () => {
  it('has 64 columns for all weights of GoogLeNet, so that its first axis is a 64th of its numbers', () => {
    const { weights } = planTraining({ ...SIZES, width: 1 }).layout;
    expect(weights.places.filter(({ size, offset }) => size % 64 > 0 || offset % 64 > 0)).toEqual([]);
    expect(weights.shape).toEqual([weights.size / 64, 64]);
  });

  it('has as many columns as divide all its parameters, if 64 don’t', () => {
    const { layout } = planTraining({ ...SIZES, width: 1 / 8 });
    for (const { places, shape, size } of [layout.weights, layout.biases]) {
      expect(shape[0] * shape[1]).toBe(size);
      expect(places.every((place) => place.size % shape[1] === 0)).toBe(true);
      expect(places.some((place) => place.size % (2 * shape[1]) > 0)).toBe(true);
    }
  });

  it('is empty if the group is', () => {
    expect(stateLayout(new Map([['fc.weight', [2, 4]]]))).toMatchObject({
      weights: { shape: [1, 8] },
      biases: { size: 0 },
    });
  });
});
