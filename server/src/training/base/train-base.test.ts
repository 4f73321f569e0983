// @module-tag slow
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom, uniform } from '../../../../test/support/random.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { readSafetensors, writeSafetensors } from '../../googlenet/safetensors.ts';
import { parameterShapes } from '../../googlenet/weights.ts';
import { readPretrained } from '../run/start/pretrained.ts';
import type { BaseConfiguration } from './base-checkpoint.ts';
import { blended, publishBase } from './publish-base.ts';
import { trainBase } from './train-base.ts';

/** Writes a color network with random weights whose activations neither vanish nor explode. */
function writeColorNetwork(file: string): void {
  const random = seededRandom(3);
  const tensors = [...parameterShapes(3, 10)].map(([name, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const gain = name.startsWith('conv1') ? 6 / 64 ** 2 : 6;
    const bound = name.endsWith('.weight') ? Math.sqrt((gain * shape[0]!) / count) : 0.1;
    return [name, { shape, data: uniform(random, count, bound) }] as const;
  });
  writeFileSync(file, Buffer.concat(writeSafetensors(new Map(tensors))));
}

describe('the trainer of base', () => {
  it('continues a stopped run as if it hadn’t been stopped, and makes a model for heads of it', async () => {
    const folder = temporaryFolder();
    const init = join(folder, 'color.safetensors');
    writeColorNetwork(init);
    const configuration: BaseConfiguration = {
      ...{ photos: [], validate: [], drawn: 20, init, steps: 2, batchSize: 2, cropSize: 64 },
      ...{ learningRate: 1e-4, warmup: 1, averageDecay: 0.9, seed: 5 },
    };
    const train = (name: string, how: BaseConfiguration | 'resume', stopAfter = Number.POSITIVE_INFINITY) => {
      const stop = new AbortController();
      let now = 0;
      return trainBase({
        ...{ folder: join(folder, name), configuration: how, cores: 1, signal: stop.signal },
        now: () => {
          now += 1;
          if (now >= 4 * stopAfter) stop.abort();
          return now;
        },
        ...{ onLine: () => {}, onProgress: () => {} },
      });
    };
    expect(await train('whole', configuration)).toEqual({ step: 2, steps: 2 });
    expect(await train('parts', configuration, 1)).toEqual({ step: 1, steps: 2 });
    await train('parts', 'resume');
    const checkpoint = (name: string) => {
      const file = join(folder, name, 'last.safetensors');
      return readSafetensors(readFileSync(file), file).tensors;
    };
    const parts = checkpoint('parts');
    // Sums may round differently if arrays are aligned differently in memory, and Adam magnifies that. But whatever a
    // resumed run forgets changes parameters by about the learning rate.
    const worst = [...checkpoint('whole')].map(([name, { data }]) => {
      const other = parts.get(name)!.data;
      const apart = (number: number, at: number) => Math.abs(number - other[at]!) / Math.max(1, Math.abs(number));
      return data.reduce((most, number, at) => Math.max(most, apart(number, at)), 0);
    });
    expect(Math.max(...worst)).toBeLessThan(configuration.learningRate / 10);

    const publish = { folder: join(folder, 'whole'), models: join(folder, 'models'), id: 'own-base', cores: 1 };
    const manifest = await publishBase({ ...publish, blend: 1, average: false, onProgress: () => {} });
    expect(manifest).toMatchObject({ classes: 1, model: { storage: 'float16' } });
    const [first, second] = manifest.spareFilters!.filters;
    expect(first).not.toBe(second);
    expect(manifest.spareFilters!.largestMean).toBeGreaterThan(0);
    const { forHeads, means } = (await readPretrained(join(folder, 'models', 'own-base')))!;
    expect(forHeads).toEqual({
      ...{ id: 'own-base', sha256: manifest.model.sha256, spareFilters: manifest.spareFilters },
    });
    expect(means).toEqual([expect.closeTo((104 + 117 + 123) / 3)]);
  }, 120_000);
});

it('blends weights by their share, and keeps what only the start has', () => {
  const tensor = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
  const start = new Map([
    ['both', tensor(0, 4)],
    ['start', tensor(1)],
  ]);
  const student = new Map([['both', tensor(1, 0)]]);
  expect(blended(student, start, 0.25)).toEqual(
    new Map([
      ['both', tensor(0.25, 3)],
      ['start', tensor(1)],
    ]),
  );
});
