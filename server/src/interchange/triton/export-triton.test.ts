import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addOwnModel } from '../../../../test/support/own-model.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { sha256 } from '../../files/sha256.ts';
import { modelConfig } from '../../oip/model-config.ts';
import { OUTPUTS } from '../../oip/tensors.ts';
import { configText } from './config-text.ts';
import { exportToTriton } from './export-triton.ts';

// test/peers/triton.test.ts has Triton itself load what this writes.

const MODELS = [EMBEDDED_MODEL.folder];
const FILES = ['1', '1/model.onnx', 'config.pbtxt', 'labels.txt'];

const namesIn = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).toSorted();
const configIn = (folder: string) => readFileSync(join(folder, 'config.pbtxt'), 'utf8');

describe('an export for Triton', () => {
  let folder: string;
  let repository: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'swipenet-triton-'));
    repository = join(folder, 'new', 'repository');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the file as it is, its hash, its classes, and what our own endpoint says about it', async () => {
    const folder = await exportToTriton(MODELS, 'quality', { repository });
    expect([folder, namesIn(folder)]).toEqual([join(repository, 'quality'), FILES]);
    const model = readFileSync(join(folder, '1', 'model.onnx'));
    expect(model.equals(readFileSync(join(EMBEDDED_MODEL.folder, 'quality', 'model.onnx')))).toBe(true);
    expect(readFileSync(join(folder, 'labels.txt'), 'utf8')).toBe('NOPE\nLIKE\n');
    const config = modelConfig('quality', Object.values(OUTPUTS), sha256(model));
    expect(configIn(folder).replace(/^#.*\n/, '')).toBe(configText(config, { hasLabels: true, kind: 'KIND_AUTO' }));
  });

  it('replaces what it wrote, and nothing that somebody has changed or added', async () => {
    const folder = await exportToTriton(MODELS, 'quality', { repository });
    await exportToTriton(MODELS, 'quality', { repository, tensorRt: 'fp16' });
    expect(namesIn(repository).filter((name) => !name.startsWith('quality'))).toEqual([]);
    const config = configIn(folder);
    expect(config).toContain('parameters { key: "precision_mode" value: "FP16" }');

    const mine = config.split('\n').slice(1).join('\n');
    for (const [name, text] of [
      ['config.pbtxt', mine],
      ['1/model.plan', 'x'],
    ] as const) {
      writeFileSync(join(folder, name), text);
      await expect(exportToTriton(MODELS, 'quality', { repository })).rejects.toMatchObject({
        code: 'output_unusable',
        message: expect.stringContaining('nothing was overwritten'),
      });
      expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
      if (name === 'config.pbtxt') writeFileSync(join(folder, name), config);
    }
    rmSync(join(folder, '1', 'model.plan'));
    writeFileSync(join(repository, 'base'), 'a file');
    await expect(exportToTriton(MODELS, 'base', { repository })).rejects.toMatchObject({ code: 'output_unusable' });
    rmSync(join(repository, 'base'));
  });

  it('removes what a killed export of the same model left, which would keep Triton from starting', async () => {
    const draft = (id: string) => join(repository, `.${id}.01234567-89ab-cdef-0123-456789abcdef.draft`);
    for (const id of ['quality', 'mine']) mkdirSync(draft(id));
    await exportToTriton(MODELS, 'quality', { repository });
    expect(readdirSync(repository).toSorted()).toEqual([draft('mine').slice(repository.length + 1), 'quality']);
    rmSync(draft('mine'), { recursive: true });
  });

  it('of a network to learn on has no classes, and the outputs that it has', async () => {
    const folder = await exportToTriton(MODELS, 'base', { repository });
    expect(namesIn(folder)).toEqual(FILES.filter((name) => name !== 'labels.txt'));
    const outputs = [...configIn(folder).matchAll(/name: "(\w+)" data_type: TYPE_FP32 dims: \[(.+?)\]/g)];
    expect(outputs.map(([, name, dims]) => [name, dims])).toEqual([
      ['confidence', '1'],
      ['features', '1856'],
    ]);
    expect(configIn(folder)).not.toContain('label_filename');
  });

  it('of an int8 model runs on a CPU, and not in TensorRT', async () => {
    const folder = await exportToTriton(MODELS, 'quality-int8', { repository });
    expect(configIn(folder)).toContain('kind: KIND_CPU');
    await expect(exportToTriton(MODELS, 'quality-int8', { repository, tensorRt: 'fp32' })).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringMatching(/^--tensorrt: .+ CPUs; export quality$/),
    });
  });

  it('with TensorRT needs a GPU, and fixes the shapes that engines are built for', async () => {
    const folder = await exportToTriton(MODELS, 'quality', { repository, tensorRt: 'fp32' });
    const config = configIn(folder);
    expect(config).toContain('kind: KIND_GPU');
    expect([...config.matchAll(/trt_profile_(\w+)_shapes" value: "(.+)"/g)].map(([, ...pair]) => pair)).toEqual([
      ['min', 'photos:1x1x224x224'],
      ['opt', 'photos:32x1x224x224'],
      ['max', 'photos:32x1x224x224'],
    ]);
  });

  it('refuses a model that was learned from swipes, and names the network that serves it', async () => {
    const home = temporaryFolder();
    addOwnModel(home, 'mine', { headOf: { id: 'base', sha256: '0'.repeat(64) } });
    await expect(exportToTriton([join(home, 'models')], 'mine', { repository })).rejects.toMatchObject({
      code: 'model_not_served',
      message: expect.stringContaining('export base'),
    });
    expect(readdirSync(repository)).not.toContain('mine');
  });
});
