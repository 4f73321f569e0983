import { describe, expect, it } from 'vitest';
import { paddedSize, planEngines } from './engine-plan.ts';

describe('the engine plan', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [8, 8, 1],
    [16, 8, 2],
    [20, 8, 2],
  ])('turns %i CPU cores into %i engines with %i threads each', (cores, engines, threadsPerEngine) => {
    expect(planEngines('cpu', cores)).toMatchObject({
      engines,
      threadsPerEngine,
      maxBatch: 1,
      batchSizes: [],
      warmSizes: [1],
    });
  });

  it('uses one engine with a few warm batch sizes on CUDA', () => {
    const { engines, maxBatch, batchSizes, warmSizes } = planEngines('cuda:0', 64);
    expect({ engines, maxBatch }).toEqual({ engines: 1, maxBatch: 32 });
    expect(warmSizes).toEqual(batchSizes);
    expect(batchSizes.at(-1)).toBe(maxBatch);
  });

  it('pads a batch to the next size on CUDA but never on the CPU', () => {
    const { batchSizes } = planEngines('cuda:0', 1);
    expect([1, 2, 3, 5, 9, 17, 32].map((count) => paddedSize(count, batchSizes))).toEqual([1, 2, 4, 8, 16, 32, 32]);
    expect([1, 3, 7].map((count) => paddedSize(count, []))).toEqual([1, 3, 7]);
  });
});
