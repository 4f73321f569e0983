import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import type { Home } from './home.ts';

/**
 * The access token of a home folder; made at the first start, 256 random bits. Its file is readable by its owner alone
 * (0600), and is made so again where it is not.
 *
 * @throws CommandError `home_unusable` when the folder cannot be written, or the file cannot be read or holds no token.
 */
export async function readOrCreateToken(home: Home): Promise<string> {
  const path = home.token;
  try {
    await mkdir(home.folder, { recursive: true, mode: 0o700 });
    await createToken(home, path);
    await chmod(path, 0o600);
  } catch (cause) {
    throw new CommandError('home_unusable', `the folder ${home} cannot be used (${systemCodeOf(cause)})`, { cause });
  }
  return await readToken(home);
}

/**
 * The access token of a home folder in which a server was started before.
 *
 * @throws CommandError `home_unusable`.
 */
export async function readToken(home: Home): Promise<string> {
  const path = home.token;
  const token = (await readFile(path, 'utf8').catch(unreadable(path))).trim();
  if (!/^\S{16,}$/.test(token)) {
    throw new CommandError('home_unusable', `${path} holds no token; remove it and a new one is made`);
  }
  return token;
}

/** Makes the file whole or not at all: of two first starts at once, both read the same token. */
async function createToken(home: Home, path: string): Promise<void> {
  const draft = join(home.folder, `.token-${randomUUID()}`);
  try {
    await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    await link(draft, path);
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

const unreadable = (path: string) => (cause: unknown) => {
  throw new CommandError('home_unusable', `${path} cannot be read (${systemCodeOf(cause)})`, { cause });
};
