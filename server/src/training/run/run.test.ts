import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset/dataset.ts';
import { DEFAULTS, withDefaults } from './hyperparameters.ts';
import { openRun } from './run.ts';
import type { RunConfiguration } from './run-folder.ts';

const ID = 'ab'.repeat(32);
const dataset = { id: ID, numbersOf: () => Array.from({ length: 100 }, (_, number) => number) } as unknown as Dataset;
const configuration: RunConfiguration = {
  ...{ format: 2, name: 'mine', data: { folder: '/data/mine.set', id: ID }, device: 'cpu', threads: 2 },
  ...withDefaults({ ...DEFAULTS, epochs: 3, batchSize: 32 }, { pretrained: true, steps: 9 }),
};

describe('a run that is open', () => {
  it('has a schedule over its epochs’ whole batches', () => {
    const { schedule, engine } = openRun('/run', configuration, dataset);
    expect(schedule).toMatchObject({ steps: 9, learningRate: 0.001, warmup: 0 });
    expect(engine.graph).toMatchObject({ batchSize: 32, cropSize: 224, stepsPerCall: 1 });
  });

  it('fills the last call on CUDA, which takes several steps', () => {
    const { schedule, engine } = openRun('/run', { ...configuration, device: 'cuda:0' }, dataset);
    expect(engine.graph.stepsPerCall).toBe(8);
    expect(schedule.steps).toBe(16);
  });

  it('is never one that learned from another data set', () => {
    const open = () => openRun('/run', configuration, { ...dataset, id: 'cd'.repeat(32) });
    expect(open).toThrow('/run learned from another data set than /data/mine.set is now');
  });
});
