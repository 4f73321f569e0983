import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readOrCreateToken, tokenPath } from './token.ts';

describe('the access token', () => {
  it('is made at the first start, readable by its owner alone, and kept', async () => {
    const home = join(temporaryFolder(), 'new', 'home');
    const token = await readOrCreateToken(home);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect((await stat(tokenPath(home))).mode & 0o777).toBe(0o600);
    expect((await readFile(tokenPath(home), 'utf8')).trim()).toBe(token);
    expect(await readOrCreateToken(home)).toBe(token);
  });

  it('is another in another home', async () => {
    expect(await readOrCreateToken(temporaryFolder())).not.toBe(await readOrCreateToken(temporaryFolder()));
  });

  it('is never empty: a file without a token is an error that says what to do', async () => {
    const home = temporaryFolder();
    await writeFile(tokenPath(home), '\n');
    await expect(readOrCreateToken(home)).rejects.toThrow('holds no token; remove it and a new one is made');
  });

  it('says so when the home cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(readOrCreateToken(join(file, 'home'))).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
