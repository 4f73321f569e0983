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
const choose = async (named?: string) => (await loadNamedOrActive(home, folders, named)).manifest.id;

beforeEach(async () => {
  home = new Home(temporaryFolder());
  folders = [home.models, temporaryFolder()];
  await publishModel(folders[1]!, about(EMBEDDED_MODEL.id), model);
  await publishModel(folders[0]!, about('mine'), model);
  await publishModel(folders[0]!, { ...about('begin'), classes: 1000 }, model);
});

describe('the active model', () => {
  it('is the embedded one until another is activated, and a named one wins over it', async () => {
    expect(await choose()).toBe(EMBEDDED_MODEL.id);
    await activateModel(home, folders, 'mine');
    expect(await choose()).toBe('mine');
    expect(await choose(EMBEDDED_MODEL.id)).toBe(EMBEDDED_MODEL.id);
    await activateModel(home, folders, EMBEDDED_MODEL.id);
    expect(await choose()).toBe(EMBEDDED_MODEL.id);
    expect((await readdir(home.folder)).toSorted()).toEqual(['active-model.json', 'models']);
  });

  it.each([
    ['an initialisation', 'begin', 'model_not_served'],
    ['one that is not there', 'gone', 'model_missing'],
    ['no id', '../mine', 'option_invalid'],
  ])('is never %s, and stays what it was', async (_what, id, code) => {
    await activateModel(home, folders, 'mine');
    await expect(activateModel(home, folders, id)).rejects.toMatchObject({ code });
    expect(await readActiveModel(home)).toBe('mine');
  });

  it('is never one whose file is another than its manifest says', async () => {
    await writeFile(join(folders[0]!, 'mine', 'model.onnx'), 'other');
    await expect(activateModel(home, folders, 'mine')).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    expect(await readActiveModel(home)).toBeUndefined();
  });

  it('that is gone is an error that says whose it is, and no other model in its place', async () => {
    await activateModel(home, folders, 'mine');
    await rm(join(folders[0]!, 'mine'), { recursive: true });
    await expect(choose()).rejects.toMatchObject({
      code: 'model_missing',
      message: expect.stringMatching(/no model mine .+ it is the active model .+active-model\.json/),
    });
    expect(await choose(EMBEDDED_MODEL.id)).toBe(EMBEDDED_MODEL.id);
  });

  it('is an error if its file is damaged, and no other model takes its place', async () => {
    await writeFile(home.activeModel, '{');
    await expect(choose()).rejects.toMatchObject({ code: 'active_model_invalid' });
    expect(await choose('mine')).toBe('mine');
  });

  it('named by hand is refused where it cannot be served', async () => {
    await expect(choose('begin')).rejects.toMatchObject({ code: 'model_not_served' });
  });
});
