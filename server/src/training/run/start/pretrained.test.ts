import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { int8Description } from '../../../../../test/support/model-forms.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { writeSafetensors } from '../../../googlenet/safetensors.ts';
import { buildServingModel } from '../../../googlenet/serving-model.ts';
import { parameterShapes, type Weights } from '../../../googlenet/weights.ts';
import { encodeModelProto } from '../../../onnx/proto.ts';
import { publishModel } from '../../../registry/model-registry.ts';
import { readPretrained } from './pretrained.ts';

describe('what a run starts from', () => {
  it('can be the folder of an initialization, with its tensors and its mean', async () => {
    const weights = new Map(
      [...parameterShapes(1, 3)].map(([name, shape], index) => {
        const count = shape.reduce((product, size) => product * size, 1);
        return [name, { shape, data: new Float32Array(count).fill(index) }] as const;
      }),
    );
    const folder = temporaryFolder();
    const about = {
      ...{ id: 'begin', classes: 3, temperature: 1, metrics: {} },
      preprocessing: { resize: 'squash' as const, mean: 115 },
      provenance: { description: 'made by a test', command: 'npm test' },
    };
    const bytes = buildServingModel({ weights, mean: 115, temperature: 1, storage: 'float32' });
    await publishModel(folder, about, { bytes, storage: 'float32' });
    const pretrained = (await readPretrained(join(folder, 'begin')))!;
    expect(pretrained.means).toEqual([115]);
    const ends = (tensors: Weights) => [...tensors].map(([name, { shape, data }]) => [name, shape, data.at(-1)]);
    expect(ends(pretrained.weights)).toEqual(ends(weights));
  });

  it('is never an int8 model, and the error names its parent', async () => {
    const folder = temporaryFolder();
    const node = { name: '', opType: 'QLinearConv', domain: '', input: [], output: [], attribute: [] };
    const graph = { name: 'int8', node: [node], initializer: [], input: [], output: [], valueInfo: [] };
    const bytes = encodeModelProto({ irVersion: 8, producerName: '', opsetImport: [], graph });
    const about = int8Description('mine-int8', { parent: 'mine', parentSha256: '0'.repeat(64) });
    await publishModel(folder, about, { bytes, storage: 'int8' });
    await expect(readPretrained(join(folder, 'mine-int8'))).rejects.toMatchObject({
      code: 'weights_invalid',
      message: expect.stringContaining('use mine, the model it was made from'),
    });
  });

  it('can be a file of weights, and a color network without a mean gets Caffe’s', async () => {
    const file = join(temporaryFolder(), 'weights.safetensors');
    const weight = { shape: [1, 3, 1, 1], data: new Float32Array(3) };
    writeFileSync(file, Buffer.concat(writeSafetensors(new Map([['conv1/7x7_s2.weight', weight]]))));
    expect((await readPretrained(file))?.means).toEqual([104, 117, 123]);
  });

  it('is undefined for none, and an error for a missing path', async () => {
    expect(await readPretrained('none')).toBeUndefined();
    await expect(readPretrained('qualify')).rejects.toMatchObject({
      code: 'path_missing',
      message:
        '--init: qualify doesn’t exist or can’t be read. Pass base, quality, none, a model’s folder, or a file of weights',
    });
  });
});
