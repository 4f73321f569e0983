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

  it('refuses an id that is taken, in the folder or by what comes with Swipenet, and no other', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('mine'), model);
    await publishModel(embedded, manifest('quality'), model);
    await refuseTakenId([mine, embedded], 'free');
    await refuseTakenId([mine], 'quality');
    await expect(refuseTakenId([mine, embedded], 'mine', '--id')).rejects.toMatchObject({
      code: 'model_exists',
      message: `there is a model mine in ${mine} already; --id gives this one another id`,
    });
    await expect(refuseTakenId([mine, embedded], 'quality', '--id')).rejects.toMatchObject({
      code: 'model_exists',
      message: 'the name quality is taken by the model that comes with Swipenet; --id gives this one another id',
    });
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

describe('an initialisation', () => {
  it('says how many classes it has, is loaded, and is refused where something is to be scored', async () => {
    const folder = temporaryFolder();
    const { classes } = await publishModel(folder, { ...manifest('begin'), classes: 1000 }, model);
    expect(classes).toBe(1000);
    expect((await loadModel([folder], 'begin')).manifest.classes).toBe(1000);
    await expect(loadServedModel([folder], 'begin')).rejects.toMatchObject({
      code: 'model_not_served',
      message: expect.stringContaining('its 1000 classes are not NOPE and LIKE'),
    });
  });

  it('has other than two classes: two have names', async () => {
    await expect(publishModel(temporaryFolder(), { ...manifest('two'), classes: 2 }, model)).rejects.toThrow();
  });
});

describe('a list of models', () => {
  it('has each id once, as it would be loaded, the broken with what is wrong, and nothing else', async () => {
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

  it('is empty where there is no folder yet', async () => {
    expect(await listModels([join(temporaryFolder(), 'models')])).toEqual([]);
  });
});

describe('removing', () => {
  it('takes one of the user’s own models, whole', async () => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('mine'), model);
    await removeModel([mine, embedded], 'mine', new Map());
    expect(await readdir(mine)).toEqual([]);
  });

  it('takes one that is broken, too', async () => {
    const mine = temporaryFolder();
    await publishModel(mine, manifest('mine'), model);
    await writeFile(join(mine, 'mine', 'manifest.json'), '{');
    await removeModel([mine], 'mine', new Map());
    expect(await readdir(mine)).toEqual([]);
  });

  it.each([
    ['one that is in use', 'used', 'model_protected', 'the model used is the active one'],
    ['the embedded one', 'quality', 'model_protected', 'comes with Swipenet'],
    ['one that is not there', 'gone', 'model_missing', 'there is no model gone'],
    ['a path', '../x', 'option_invalid', '"../x" is no id: a model id is 1 to 64 of'],
  ])('refuses %s and says why', async (_what, id, code, message) => {
    const [mine, embedded] = [temporaryFolder(), temporaryFolder()];
    await publishModel(mine, manifest('used'), model);
    await publishModel(embedded, manifest('quality'), model);
    const inUse = new Map([['used', 'is the active one']]);
    await expect(removeModel([mine, embedded], id, inUse)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect([await readdir(mine), await readdir(embedded)]).toEqual([['used'], ['quality']]);
  });
});

describe('a folder from elsewhere', () => {
  it.each(['manifest.json', 'model.onnx'])('whose %s is a link is refused: a link leads anywhere', async (name) => {
    const folder = temporaryFolder();
    await publishModel(folder, manifest('mine'), model);
    const path = join(folder, 'mine', name);
    await rename(path, join(folder, name));
    await symlink(join(folder, name), path);
    await expect(openModelFolder(join(folder, 'mine'))).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining('is a link'),
    });
  });

  it.each(['../up', '/etc', 'a/b', '.hidden'])('whose manifest calls itself %j is refused', async (id) => {
    const folder = temporaryFolder();
    await publishModel(folder, manifest('mine'), model);
    const path = join(folder, 'mine', 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"id": "mine"', `"id": ${JSON.stringify(id)}`));
    await expect(openModelFolder(join(folder, 'mine'))).rejects.toMatchObject({ code: 'model_invalid' });
  });

  it('that holds no model is refused', async () => {
    await expect(openModelFolder(temporaryFolder())).rejects.toMatchObject({ code: 'model_missing' });
  });
});
