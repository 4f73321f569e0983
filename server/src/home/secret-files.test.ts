import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { Home } from './home.ts';
import { readOrCreateToken } from './secret-files.ts';

describe('the access token', () => {
  it('is created at the first start, readable only by its owner, and never changes', async () => {
    const home = new Home(join(temporaryFolder(), 'new', 'home'));
    const token = await readOrCreateToken(home);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(home.token)).mode & 0o777).toBe(0o600);
    expect((await readFile(home.token, 'utf8')).trim()).toBe(token);
    expect(await readOrCreateToken(home)).toBe(token);
  });

  it('is the same for two servers that start for the first time at once', async () => {
    const home = new Home(join(temporaryFolder(), 'home'));
    const [one, other] = await Promise.all([readOrCreateToken(home), readOrCreateToken(home)]);
    expect(one).toBe(other);
    expect(await readdir(home.folder)).toEqual(['token']);
  });

  it('differs between home folders', async () => {
    expect(await readOrCreateToken(new Home(temporaryFolder()))).not.toBe(
      await readOrCreateToken(new Home(temporaryFolder())),
    );
  });

  it('can’t be empty: a file without a token is an error that says what to do', async () => {
    const home = new Home(temporaryFolder());
    await writeFile(home.token, '\n');
    await expect(readOrCreateToken(home)).rejects.toThrow(
      'contains no token; delete it, and the next start creates a new one',
    );
  });

  it('can’t be created if the home folder isn’t writable', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(readOrCreateToken(new Home(join(file, 'home')))).rejects.toMatchObject({ code: 'home_unusable' });
  });

  it('can’t be created in the folder of another user, and the error names both', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can give a folder away');
    const folder = temporaryFolder();
    const home = join(folder, 'home');
    const program = `
      const { readOrCreateToken } = await import(${JSON.stringify(new URL('secret-files.ts', import.meta.url).href)});
      const { Home } = await import(${JSON.stringify(new URL('home.ts', import.meta.url).href)});
      process.setgid(4321), process.setuid(4321);
      await readOrCreateToken(new Home(${JSON.stringify(home)})).catch(({ message }) => console.log(message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect(stdout).toBe(
      `cannot use the home folder ${home} (EACCES); ${folder} belongs to user 0, and this is user 4321\n`,
    );
  });
});
