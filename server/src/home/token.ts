import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { writeWhole } from '../files/write-whole.ts';
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
    await access(path).catch(() => createToken(path));
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

/** Of two first starts at the same time, one creates the token and both read it. */
async function createToken(path: string): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  await writeWhole(path, `${token}\n`, { mode: 0o600, exclusive: true }).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  });
}

const unreadable = (path: string) => (cause: unknown) => {
  throw new CommandError('home_unusable', `${path} cannot be read (${systemCodeOf(cause)})`, { cause });
};
