import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readActiveModel, writeActiveModel } from './active-model.ts';
import { Home } from './home.ts';

describe('the file of the active model', () => {
  it('doesn’t exist in a new home folder', async () => {
    expect(await readActiveModel(new Home(join(temporaryFolder(), 'new')))).toBeUndefined();
  });

  it('names the model that was written last, in a home folder that is created for it', async () => {
    const home = new Home(join(temporaryFolder(), 'new', 'home'));
    for (const id of ['mine', 'mine-int8']) {
      await writeActiveModel(home, id);
      expect(await readActiveModel(home)).toBe(id);
    }
    expect(await readdir(home.folder)).toEqual(['active-model.json']);
  });

  it.each(['', '{', '{}', '{"format":1,"model":"../x"}', '{"format":2,"model":"mine"}'])(
    'is invalid if it contains %j',
    async (text) => {
      const home = new Home(temporaryFolder());
      await writeFile(home.activeModel, text);
      await expect(readActiveModel(home)).rejects.toMatchObject({ code: 'active_model_invalid' });
    },
  );

  it('can’t be read or written if the home folder is a file, which stays the same', async () => {
    const folder = join(temporaryFolder(), 'file');
    await writeFile(folder, 'not a folder');
    const home = new Home(folder);
    await expect(writeActiveModel(home, 'mine')).rejects.toMatchObject({ code: 'home_unusable' });
    await expect(readActiveModel(home)).rejects.toMatchObject({
      code: 'home_unusable',
      message: expect.stringContaining(`cannot read ${home.activeModel}`),
    });
    expect(await readFile(folder, 'utf8')).toBe('not a folder');
  });
});
