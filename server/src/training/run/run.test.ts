import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { RunConfiguration } from './folder/run-folder.ts';
import { encodeTargets, writeTargets } from './folder/targets-file.ts';
import { openRun, reopenRun } from './run.ts';
import { DEFAULTS, withDefaults } from './start/hyperparameters.ts';

const ID = 'ab'.repeat(32);
const dataset = { id: ID, numbersOf: () => Array.from({ length: 100 }, (_, number) => number) } as unknown as Dataset;
const configuration: RunConfiguration = {
  ...{ format: 2, name: 'mine', data: { folder: '/data/mine.set', id: ID }, device: 'cpu', threads: 2 },
  ...withDefaults({ ...DEFAULTS, epochs: 3, batchSize: 32 }, { pretrained: true, steps: 9 }),
};

describe('an open run', () => {
  it('has a schedule that covers the whole batches of its epochs', () => {
    const { schedule, engine } = openRun('/run', configuration, dataset);
    expect(schedule).toMatchObject({ steps: 9, learningRate: 0.001, warmup: 0 });
    expect(engine.graph).toMatchObject({ batchSize: 32, cropSize: 224, stepsPerCall: 1 });
  });

  it.each([
    [3, 100, 3, 9], // an epoch per call, because validation comes between calls
    [4, 2_000, 31, 248], // 62 batches per epoch
    [2, 5_000, 32, 320], // 156 batches per epoch, so that ten calls have 8 steps more
  ])('runs %i epochs of %i photos on CUDA in calls of %i steps, %i in all', (epochs, photos, perCall, steps) => {
    const numbersOf = () => Array.from({ length: photos }, (_, number) => number);
    const onCuda = { ...configuration, epochs, device: 'cuda:0' } as const;
    const { schedule, engine } = openRun('/run', onCuda, { ...dataset, numbersOf });
    expect(engine.graph.stepsPerCall).toBe(perCall);
    expect(schedule.steps).toBe(steps);
  });

  it('can’t switch to another dataset', () => {
    const open = () => openRun('/run', configuration, { ...dataset, id: 'cd'.repeat(32) });
    expect(open).toThrow('/data/mine.set is no longer the dataset that /run was started with');
  });
});

describe('a run that is reopened', () => {
  it('loses the drafts that it left behind when it was killed, and nothing else', async () => {
    const folder = temporaryFolder();
    const kept = ['.hidden', 'draft', 'last.safetensors', 'notes.draft', 'run.json'];
    for (const name of [...kept, '.last.safetensors.0f8f.draft', '.report.html.77aa.draft']) {
      writeFileSync(join(folder, name), '');
    }
    mkdirSync(join(folder, '.folder.draft'));
    const { engine } = await reopenRun(folder, configuration, dataset);
    expect(engine).toEqual(openRun(folder, configuration, dataset).engine);
    expect(readdirSync(folder).toSorted()).toEqual(['.folder.draft', ...kept]);
  });

  it('has the targets that it started with if labels are of whole profiles, or is refused', async () => {
    const folder = temporaryFolder();
    const targets = Float32Array.of(0, 2, 0.7, 0);
    const contents = encodeTargets([{ id: 'a' }, { id: 'b' }], targets);
    await writeTargets(folder, contents);
    const reopen = (targetsSha256: string) =>
      reopenRun(
        folder,
        { ...configuration, profiles: { target: { kind: 'balanced-accuracy' }, targetsSha256 } },
        dataset,
      );
    expect((await reopen(sha256(contents))).targets).toEqual(targets);
    await expect(reopen('0'.repeat(64))).rejects.toMatchObject({ code: 'run_invalid' });
  });

  it('keeps its folder as it is if its dataset was replaced', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.last.safetensors.0f8f.draft'), '');
    await expect(reopenRun(folder, configuration, { ...dataset, id: 'cd'.repeat(32) })).rejects.toMatchObject({
      code: 'run_invalid',
    });
    expect(readdirSync(folder)).toEqual(['.last.safetensors.0f8f.draft']);
  });
});
