import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dyingDisk, FULL_DISK } from '../../../../../test/support/failing-disks.ts';
import { seededRandom, uniform } from '../../../../../test/support/random.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { readSafetensors } from '../../../googlenet/safetensors.ts';
import { stateLayout } from '../../step/state-layout.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const layout = stateLayout(
  new Map([
    ['conv1.weight', [4, 1, 3, 3]],
    ['conv1.bias', [4]],
    ['fc.weight', [2, 4]],
    ['fc.bias', [2]],
  ]),
);
const checkpoint = (step: number): Checkpoint => {
  const random = seededRandom(step);
  const rows = () => ({ weights: uniform(random, 44, 1), biases: uniform(random, 6, 1) });
  const progress = {
    step,
    position: { epoch: 1, batch: 2 },
    epochSoFar: { steps: 2, loss: 0.1 + 0.2, accuracy: 1.5 },
    best: { step: 3, loss: 0.25 },
  };
  return { progress, parameters: rows(), momenta: rows() };
};
const path = () => join(temporaryFolder(), 'last.safetensors');

// These tests write and sync many files.
describe('a checkpoint', () => {
  it('survives a round trip bit for bit', async () => {
    const file = path();
    await writeCheckpoint(file, layout, checkpoint(7));
    expect(await readCheckpoint(file, layout)).toEqual(checkpoint(7));
  });

  it('is a safetensors file with the parameters under Caffe’s names', async () => {
    const file = path();
    await writeCheckpoint(file, layout, checkpoint(7));
    const { tensors } = readSafetensors(readFileSync(file));
    expect(tensors.get('conv1.weight')).toEqual({
      shape: [4, 1, 3, 3],
      data: checkpoint(7).parameters.weights.slice(0, 36),
    });
    expect([...tensors.keys()].filter((name) => name.endsWith('.momentum'))).toHaveLength(4);
  });

  it('is always a complete old or new one, no matter when the process is killed', async () => {
    const counting = dyingDisk();
    await writeCheckpoint(path(), layout, checkpoint(1), counting);
    expect(counting.operations()).toBeGreaterThan(10);
    const steps = new Set<number>();
    for (let operation = 0; operation < counting.operations(); operation += 1) {
      const file = path();
      await writeCheckpoint(file, layout, checkpoint(1));
      await writeCheckpoint(file, layout, checkpoint(2), dyingDisk(operation)).catch(() => {});
      const found = await readCheckpoint(file, layout);
      steps.add(found.progress.step);
      expect(found).toEqual(checkpoint(found.progress.step));
    }
    expect([...steps]).toEqual([1, 2]);
  });

  it('reports a full disk, keeps the old checkpoint and leaves no draft behind', async () => {
    const file = path();
    await writeCheckpoint(file, layout, checkpoint(1));
    await expect(writeCheckpoint(file, layout, checkpoint(2), FULL_DISK)).rejects.toMatchObject({
      code: 'run_unwritable',
      message: expect.stringContaining('the disk is full'),
    });
    expect(await readCheckpoint(file, layout)).toEqual(checkpoint(1));
    expect(readdirSync(join(file, '..'))).toEqual(['last.safetensors']);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array, string]>([
    ['a flipped bit', (bytes) => Uint8Array.from(bytes).with(-1, bytes.at(-1)! ^ 1), 'it was changed after'],
    ['a missing end', (bytes) => bytes.subarray(0, -8), 'the file is truncated'],
    ['no content', () => new Uint8Array(), 'is not a safetensors file'],
  ])('is rejected with %s', async (_what, change, message) => {
    const file = path();
    await writeCheckpoint(file, layout, checkpoint(1));
    writeFileSync(file, change(readFileSync(file)));
    const reading = readCheckpoint(file, layout);
    await expect(reading).rejects.toMatchObject({ code: 'run_invalid' });
    await expect(reading).rejects.toThrow(message);
  });
});
