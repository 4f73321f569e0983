import { describe, expect, it } from 'vitest';
import { planEngines } from './engine-plan.ts';

describe('the engine plan', () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [8, 8, 1],
    [16, 8, 2],
    [20, 8, 2],
  ])('turns %i CPU cores into %i engines with %i threads each', (cores, engines, threadsPerEngine) => {
    const plan = { engines, threadsPerEngine, maxBatch: 1, batchSizes: [], warmSizes: [1] };
    expect(planEngines('cpu', cores)).toMatchObject(plan);
    expect(planEngines('cpu', cores, { engines: 3, batchSizes: [8] })).toMatchObject(plan);
  });

  it('uses one engine with a single warm batch size on CUDA', () => {
    expect(planEngines('cuda:0', 64)).toMatchObject({
      engines: 1,
      threadsPerEngine: 1,
      maxBatch: 32,
      batchSizes: [32],
      warmSizes: [32],
    });
  });

  it('uses as many engines and batch sizes on CUDA as requested', () => {
    expect(planEngines('cuda:0', 64, { engines: 2, batchSizes: [8, 64] })).toMatchObject({
      engines: 2,
      maxBatch: 64,
      batchSizes: [8, 64],
      warmSizes: [8, 64],
    });
  });
});
