import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openModelFolder } from './model-folder.ts';
import {
  listModels,
  loadModel,
  loadServedModel,
  type ModelDescription,
  publishModel,
  refuseTakenId,
  removeModel,
} from './model-registry.ts';

const manifest = (id: string): ModelDescription => ({
  id,
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: { auc: 0.99 },
  provenance: { description: 'made by a test', command: 'npm test' },
});
const model = { bytes: new Uint8Array([1, 2, 3]), storage: 'float16' } as const;

describe('the registry', () => {
  it('finds a published model with its manifest', async () => {
    const folder = temporaryFolder();
    const published = await publishModel(folder, manifest('mine-1'), model);
    const found = await loadModel([join(folder, 'elsewhere'), folder], 'mine-1');
    expect(found.manifest).toEqual(published);
    expect(new Uint8Array(await readFile(found.modelPath))).toEqual(model.bytes);
  });

  it('uses the first folder that has the ID', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(embedded, manifest('same'), model);
    await publishModel(mine, manifest('same'), { ...model, bytes: new Uint8Array([9]) });
    expect((await loadModel([mine, embedded], 'same')).modelPath).toBe(join(mine, 'same', 'model.onnx'));
  });

  it('keeps the old model and leaves nothing behind if the ID is taken', async () => {
    const folder = temporaryFolder();
    await publishModel(folder, manifest('mine'), model);
    const again = publishModel(folder, manifest('mine'), { ...model, bytes: new Uint8Array([9]) });
    await expect(again).rejects.toMatchObject({ code: 'model_exists' });
    expect(await readdir(folder)).toEqual(['mine']);
    await loadModel([folder], 'mine');
  });

  it('rejects only IDs that are taken in the folder or by a model that comes with Swipenet', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('mine'), model);
    await publishModel(embedded, manifest('quality'), model);
    await refuseTakenId([mine, embedded], 'free');
    await refuseTakenId([mine], 'quality');
    await expect(refuseTakenId([mine, embedded], 'mine', '--id')).rejects.toMatchObject({
      code: 'model_exists',
      message: `a model with the ID mine already exists in ${mine}; choose another ID with --id`,
    });
    await expect(refuseTakenId([mine, embedded], 'quality', '--id')).rejects.toMatchObject({
      code: 'model_exists',
      message: 'the ID quality belongs to a model that comes with Swipenet; choose another ID with --id',
    });
  });

  it.each(['../secrets', 'a/b', '', '.hidden', 'UPPER', 'x'.repeat(65), 'a b'])('rejects %j as an ID', async (id) => {
    await expect(loadModel([temporaryFolder()], id)).rejects.toMatchObject({ code: 'option_invalid' });
    await expect(publishModel(temporaryFolder(), manifest(id), model)).rejects.toThrow();
  });

  it.each<[string, string, string, (folder: string) => Promise<unknown>]>([
    ['no such model', 'model_missing', 'no model has the ID mine', async (folder) => mkdir(join(folder, 'other'))],
    [
      'no model.onnx',
      'model_missing',
      'has a manifest but no model.onnx',
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
      'belongs to the model yours',
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

describe('an initialization', () => {
  it('has a number of classes, can be loaded, and can’t be used to score', async () => {
    const folder = temporaryFolder();
    const { classes } = await publishModel(folder, { ...manifest('begin'), classes: 1000 }, model);
    expect(classes).toBe(1000);
    expect((await loadModel([folder], 'begin')).manifest.classes).toBe(1000);
    await expect(loadServedModel([folder], 'begin')).rejects.toMatchObject({
      code: 'model_not_served',
      message: expect.stringContaining('its classes are not NOPE and LIKE'),
    });
  });

  it('can’t have exactly two unnamed classes', async () => {
    await expect(publishModel(temporaryFolder(), { ...manifest('two'), classes: 2 }, model)).rejects.toThrow();
  });
});

describe('a list of models', () => {
  it('has each ID once, in the folder it would be loaded from, and says what is wrong with broken models', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(embedded, manifest('quality'), model);
    await publishModel(embedded, manifest('both'), model);
    await publishModel(mine, manifest('both'), { ...model, storage: 'float32' });
    await publishModel(mine, manifest('a'), model);
    await publishModel(mine, manifest('broken'), model);
    await writeFile(join(mine, 'broken', 'manifest.json'), '{');
    await mkdir(join(mine, '.draft-1'));
    await mkdir(join(mine, 'no model'));
    await mkdir(join(mine, 'empty'));
    const list = await listModels([mine, embedded]);
    expect(list.map(({ id, place }) => [id, place])).toEqual([
      ['a', 0],
      ['both', 0],
      ['broken', 0],
      ['quality', 1],
    ]);
    expect(list[1]?.manifest).toMatchObject({ model: { storage: 'float32' } });
    expect(list[2]?.manifest).toMatchObject({ code: 'model_invalid' });
  });

  it('is empty if the folder doesn’t exist yet', async () => {
    expect(await listModels([join(temporaryFolder(), 'models')])).toEqual([]);
  });
});

describe('removing', () => {
  it('deletes one of the user’s own models completely', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('mine'), model);
    await removeModel([mine, embedded], 'mine', new Map());
    expect(await readdir(mine)).toEqual([]);
  });

  it('deletes broken models too', async () => {
    const mine = temporaryFolder();
    await publishModel(mine, manifest('mine'), model);
    await writeFile(join(mine, 'mine', 'manifest.json'), '{');
    await removeModel([mine], 'mine', new Map());
    expect(await readdir(mine)).toEqual([]);
  });

  it.each([
    ['one that is in use', 'used', 'model_protected', 'the model used is the active model'],
    ['the embedded one', 'quality', 'model_protected', 'comes with Swipenet'],
    ['a missing one', 'gone', 'model_missing', 'no model has the ID gone'],
    ['a path', '../x', 'option_invalid', '"../x" is not a valid ID: a model ID has 1 to 64 characters'],
  ])('rejects %s and says why', async (_what, id, code, message) => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('used'), model);
    await publishModel(embedded, manifest('quality'), model);
    const inUse = new Map([['used', 'is the active model']]);
    await expect(removeModel([mine, embedded], id, inUse)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect([await readdir(mine), await readdir(embedded)]).toEqual([['used'], ['quality']]);
  });
});

describe('a model folder from elsewhere', () => {
  it.each(['manifest.json', 'model.onnx'])(
    'is rejected if its %s is a link, which could lead anywhere',
    async (name) => {
      const folder = temporaryFolder();
      await publishModel(folder, manifest('mine'), model);
      const path = join(folder, 'mine', name);
      await rename(path, join(folder, name));
      await symlink(join(folder, name), path);
      await expect(openModelFolder(join(folder, 'mine'))).rejects.toMatchObject({
        code: 'model_invalid',
        message: expect.stringContaining('is a symbolic link'),
      });
    },
  );

  it.each(['../up', '/etc', 'a/b', '.hidden'])('is rejected if its manifest has the ID %j', async (id) => {
    const folder = temporaryFolder();
    await publishModel(folder, manifest('mine'), model);
    const path = join(folder, 'mine', 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"id": "mine"', `"id": ${JSON.stringify(id)}`));
    await expect(openModelFolder(join(folder, 'mine'))).rejects.toMatchObject({ code: 'model_invalid' });
  });

  it('is rejected if it contains no model', async () => {
    await expect(openModelFolder(temporaryFolder())).rejects.toMatchObject({ code: 'model_missing' });
  });
});
