import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomWeights } from '../../../test/support/random-weights.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeSafetensors } from '../googlenet/safetensors.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import { publishModel } from '../registry/model-registry.ts';
import { readInit } from './train-init.ts';

describe('what a run begins from', () => {
  it('may be the folder of an initialisation: its tensors, and the mean it was used to', async () => {
    const classifier = [
      ['loss3/classifier.weight', { shape: [3, 1024], data: new Float32Array(3 * 1024) }],
      ['loss3/classifier.bias', { shape: [3], data: new Float32Array(3) }],
    ] as const;
    const weights = new Map([...randomWeights(4), ...classifier]);
    const folder = temporaryFolder();
    const about = {
      ...{ id: 'begin', classes: 3, temperature: 1, metrics: {} },
      preprocessing: { resize: 'squash' as const, mean: 115 },
      provenance: { description: 'made by a test', command: 'npm test' },
    };
    const bytes = buildServingModel({ weights, mean: 115, temperature: 1, storage: 'float32' });
    await publishModel(folder, about, { bytes, storage: 'float32' });
    const pretrained = (await readInit(join(folder, 'begin')))!;
    expect(pretrained.means).toEqual([115]);
    expect([...pretrained.weights.keys()]).toEqual([...weights.keys()]);
    for (const name of ['conv1/7x7_s2.bias', 'loss3/classifier.weight']) {
      expect(pretrained.weights.get(name)).toEqual(weights.get(name));
    }
  });

  it('may be a file of weights; colour without a mean of its own has Caffe’s', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    const weight = { shape: [1, 3, 1, 1], data: new Float32Array(3) };
    writeFileSync(file, Buffer.concat(writeSafetensors(new Map([['conv1/7x7_s2.weight', weight]]))));
    expect((await readInit(file))?.means).toEqual([104, 117, 123]);
  });

  it('is nothing for none, and an error for a path that is not there', async () => {
    expect(await readInit('none')).toBeUndefined();
    await expect(readInit(join(temporaryFolder(), 'gone'))).rejects.toMatchObject({ code: 'path_missing' });
  });
});
