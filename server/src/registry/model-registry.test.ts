import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadModel, type ModelDescription, publishModel } from './model-registry.ts';

const manifest = (id: string): ModelDescription => ({
  id,
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: { auc: 0.99 },
  provenance: { description: 'made by a test', command: 'npm test' },
});
const model = { bytes: new Uint8Array([1, 2, 3]), storage: 'float16' } as const;

describe('the registry', () => {
  it('finds what was published, with its manifest', async () => {
    const folder = temporaryFolder();
    const published = await publishModel(folder, manifest('mine-1'), model);
    const found = await loadModel([join(folder, 'elsewhere'), folder], 'mine-1');
    expect(found.manifest).toEqual(published);
    expect(new Uint8Array(await readFile(found.modelPath))).toEqual(model.bytes);
  });

  it('takes the first folder that has the id', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(embedded, manifest('same'), model);
    await publishModel(mine, manifest('same'), { ...model, bytes: new Uint8Array([9]) });
    expect((await loadModel([mine, embedded], 'same')).modelPath).toBe(join(mine, 'same', 'model.onnx'));
  });

  it('leaves nothing behind when the id is taken, and the old model as it was', async () => {
    const folder = temporaryFolder();
    await publishModel(folder, manifest('mine'), model);
    const again = publishModel(folder, manifest('mine'), { ...model, bytes: new Uint8Array([9]) });
    await expect(again).rejects.toMatchObject({ code: 'model_exists' });
    expect(await readdir(folder)).toEqual(['mine']);
    await loadModel([folder], 'mine');
  });

  it.each(['../secrets', 'a/b', '', '.hidden', 'UPPER', 'x'.repeat(65), 'a b'])('refuses %j as an id', async (id) => {
    await expect(loadModel([temporaryFolder()], id)).rejects.toMatchObject({ code: 'option_invalid' });
    await expect(publishModel(temporaryFolder(), manifest(id), model)).rejects.toThrow();
  });

  it.each<[string, string, string, (folder: string) => Promise<unknown>]>([
    ['no such model', 'model_missing', 'there is no model mine', async (folder) => mkdir(join(folder, 'other'))],
    [
      'no model.onnx',
      'model_missing',
      'cannot be read',
      async (folder) => {
        await mkdir(join(folder, 'mine'));
        await publishModel(join(folder, 'draft'), manifest('mine'), model);
        await writeFile(
          join(folder, 'mine', 'manifest.json'),
          await readFile(join(folder, 'draft', 'mine', 'manifest.json')),
        );
      },
    ],
    [
      'another file',
      'model_hash_mismatch',
      'its manifest says',
      async (folder) => {
        await publishModel(folder, manifest('mine'), model);
        await writeFile(join(folder, 'mine', 'model.onnx'), new Uint8Array([1, 2, 4]));
      },
    ],
    [
      'a manifest that is not JSON',
      'model_invalid',
      'is not JSON',
      async (folder) => {
        await publishModel(folder, manifest('mine'), model);
        await writeFile(join(folder, 'mine', 'manifest.json'), '{');
      },
    ],
    [
      'a manifest of another shape',
      'model_invalid',
      'temperature',
      async (folder) => {
        await publishModel(folder, manifest('mine'), model);
        const path = join(folder, 'mine', 'manifest.json');
        await writeFile(path, (await readFile(path, 'utf8')).replace('"temperature": 1', '"temperature": 0'));
      },
    ],
    [
      'the manifest of another model',
      'model_invalid',
      'is of the model yours',
      async (folder) => {
        await publishModel(folder, manifest('mine'), model);
        const path = join(folder, 'mine', 'manifest.json');
        await writeFile(path, (await readFile(path, 'utf8')).replace('"id": "mine"', '"id": "yours"'));
      },
    ],
  ])('says what is wrong: %s', async (_name, code, message, arrange) => {
    const folder = temporaryFolder();
    await arrange(folder);
    const loading = loadModel([folder], 'mine');
    await expect(loading).rejects.toMatchObject({ code });
    await expect(loading).rejects.toThrow(message);
  });
});
