import { describe, expect, it } from 'vitest';
import { learningRateAt, type Policy, parsePolicy } from './schedule.ts';

const at = (policy: Policy, step: number, warmup = 0) =>
  learningRateAt({ policy, learningRate: 0.01, warmup, steps: 100 }, step);

describe('the learning rate', () => {
  // Calculated by hand from the formulas in Caffe's sgd_solver.cpp.
  it.each<[string, number, number]>([
    ['fixed', 0, 0.01],
    ['fixed', 99, 0.01],
    ['step:33%:0.1', 0, 0.01],
    ['step:33%:0.1', 32, 0.01],
    ['step:33%:0.1', 33, 0.001],
    ['step:33%:0.1', 65, 0.001],
    ['step:33%:0.1', 66, 0.0001],
    ['step:33%:0.1', 99, 0.00001], // Caffe's fourth step starts at 99 of 100
    ['step:50%:0.5', 50, 0.005],
    ['exp', 0, 0.01],
    ['exp', 50, 0.001],
    ['exp', 100, 0.0001],
    ['poly', 0, 0.01],
    ['poly', 50, 0.0025],
    ['poly', 90, 0.0001],
    ['sigmoid', 0, 0.01 / (1 + Math.exp(-6))],
    ['sigmoid', 50, 0.005],
    ['sigmoid', 100, 0.01 / (1 + Math.exp(6))],
  ])('of %s at step %i of 100 is %f', (policy, step, expected) => {
    expect(at(parsePolicy(policy)!, step)).toBeCloseTo(expected, 12);
  });

  it('increases linearly during the warm-up, and then follows the policy', () => {
    expect([0, 4, 9, 10, 50].map((step) => at({ kind: 'fixed' }, step, 10))).toEqual([0.001, 0.005, 0.01, 0.01, 0.01]);
    expect(at(parsePolicy('poly')!, 4, 10)).toBeCloseTo(0.5 * 0.01 * 0.96 ** 2, 12);
  });

  it.each(['step', 'step:33:0.1', 'step:0%:0.1', 'step:101%:0.1', 'step:33%:2', 'step:33%:0', 'cosine', ''])(
    'rejects the policy %j',
    (text) => {
      expect(parsePolicy(text)).toBeUndefined();
    },
  );
});
