import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { Home } from './home.ts';
import { readOrCreateToken } from './token.ts';

describe('the access token', () => {
  it('is made at the first start, readable by its owner alone, and kept', async () => {
    const home = new Home(join(temporaryFolder(), 'new', 'home'));
    const token = await readOrCreateToken(home);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(home.token)).mode & 0o777).toBe(0o600);
    expect((await readFile(home.token, 'utf8')).trim()).toBe(token);
    expect(await readOrCreateToken(home)).toBe(token);
  });

  it('is one for two first starts at the same time', async () => {
    const home = new Home(join(temporaryFolder(), 'home'));
    const [one, other] = await Promise.all([readOrCreateToken(home), readOrCreateToken(home)]);
    expect(one).toBe(other);
    expect(await readdir(home.folder)).toEqual(['token']);
  });

  it('is another in another home', async () => {
    expect(await readOrCreateToken(new Home(temporaryFolder()))).not.toBe(
      await readOrCreateToken(new Home(temporaryFolder())),
    );
  });

  it('is never empty: a file without a token is an error that says what to do', async () => {
    const home = new Home(temporaryFolder());
    await writeFile(home.token, '\n');
    await expect(readOrCreateToken(home)).rejects.toThrow('holds no token; remove it and a new one is made');
  });

  it('says so when the home cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(readOrCreateToken(new Home(join(file, 'home')))).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
