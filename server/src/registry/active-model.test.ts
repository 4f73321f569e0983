import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readActiveModel } from '../home/active-model.ts';
import { Home } from '../home/home.ts';
import { activateModel, loadNamedOrActive } from './active-model.ts';
import { type ModelDescription, publishModel } from './model-registry.ts';

const about = (id: string): ModelDescription => ({
  id,
  preprocessing: { resize: 'cover', mean: 114.7 },
  temperature: 1,
  metrics: {},
  provenance: { description: 'made by a test', command: 'npm test' },
});
const model = { bytes: new Uint8Array([1, 2, 3]), storage: 'float32' } as const;

let home: Home;
let folders: string[] = [];
const activate = (id: string, tried = async () => {}) => activateModel(home, folders, id, tried);
const choose = async (named?: string) => (await loadNamedOrActive(home, folders, named)).manifest.id;

beforeEach(async () => {
  home = new Home(temporaryFolder());
  folders = [home.models, temporaryFolder()];
  await publishModel(folders[1]!, about(EMBEDDED_MODEL.id), model);
  await publishModel(folders[0]!, about('mine'), model);
  await publishModel(folders[0]!, { ...about('begin'), classes: 1000 }, model);
});

describe('the active model', () => {
  it('is the embedded one until another is activated, and naming a model overrides it', async () => {
    expect(await choose()).toBe(EMBEDDED_MODEL.id);
    await activate('mine');
    expect(await choose()).toBe('mine');
    expect(await choose(EMBEDDED_MODEL.id)).toBe(EMBEDDED_MODEL.id);
    await activate(EMBEDDED_MODEL.id);
    expect(await choose()).toBe(EMBEDDED_MODEL.id);
    expect((await readdir(home.folder)).toSorted()).toEqual(['active-model.json', 'models']);
  });

  it.each([
    ['an initialization', 'begin', 'model_not_served'],
    ['a missing model', 'gone', 'model_missing'],
    ['a path', '../mine', 'option_invalid'],
  ])('can’t be set to %s, and stays the same', async (_what, id, code) => {
    await activate('mine');
    await expect(activate(id)).rejects.toMatchObject({ code });
    expect(await readActiveModel(home)).toBe('mine');
  });

  it('can’t be set to a model whose file doesn’t match its manifest', async () => {
    await writeFile(join(folders[0]!, 'mine', 'model.onnx'), 'other');
    await expect(activate('mine')).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    expect(await readActiveModel(home)).toBeUndefined();
  });

  it('stays the same if the new one can’t be opened, and changes only once it was tried', async () => {
    await activate('mine');
    const failing = async () => Promise.reject(new Error('no session'));
    await expect(activate(EMBEDDED_MODEL.id, failing)).rejects.toThrow('no session');
    expect(await readActiveModel(home)).toBe('mine');
    await activate(EMBEDDED_MODEL.id, async () => expect(await readActiveModel(home)).toBe('mine'));
    expect(await readActiveModel(home)).toBe(EMBEDDED_MODEL.id);
  });

  it('that no longer exists is an error, and no other model takes its place', async () => {
    await activate('mine');
    await rm(join(folders[0]!, 'mine'), { recursive: true });
    await expect(choose()).rejects.toMatchObject({
      code: 'model_missing',
      message: expect.stringMatching(/no model has the ID mine .+ it is the active model .+active-model\.json/),
    });
    expect(await choose(EMBEDDED_MODEL.id)).toBe(EMBEDDED_MODEL.id);
  });

  it('is an error if the file that names it is damaged, and no other model takes its place', async () => {
    await writeFile(home.activeModel, '{');
    await expect(choose()).rejects.toMatchObject({ code: 'active_model_invalid' });
    expect(await choose('mine')).toBe('mine');
  });

  it('can’t be overridden by a model that can’t score', async () => {
    await expect(choose('begin')).rejects.toMatchObject({ code: 'model_not_served' });
  });
});
