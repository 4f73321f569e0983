import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readFile } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';

/**
 * Returns the access token of a home folder, and creates it at the first start from 256 random bits. Sets the file's
 * permissions so that only its owner can read it (0600).
 *
 * @throws CommandError `home_unusable` if the folder can't be written, or the file can't be read or contains no token.
 */
export async function readOrCreateToken(home: Home): Promise<string> {
  const path = home.token;
  try {
    await mkdir(home.folder, { recursive: true, mode: 0o700 });
    await access(path).catch(() => createToken(path));
    await chmod(path, 0o600);
  } catch (cause) {
    throw new CommandError('home_unusable', `cannot use the home folder ${home} (${systemCodeOf(cause)})`, { cause });
  }
  return await readToken(home);
}

/**
 * Reads the access token of a home folder that a server has used before.
 *
 * @throws CommandError `home_unusable`.
 */
export async function readToken(home: Home): Promise<string> {
  const path = home.token;
  const token = (await readFile(path, 'utf8').catch(unreadable(path))).trim();
  if (!/^\S{16,}$/.test(token)) {
    throw new CommandError(
      'home_unusable',
      `${path} contains no token; delete it, and the next start creates a new one`,
    );
  }
  return token;
}

/** If two servers start for the first time at once, one creates the token and both read it. */
async function createToken(path: string): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  await writeWhole(path, `${token}\n`, { mode: 0o600, exclusive: true }).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  });
}

const unreadable = (path: string) => (cause: unknown) => {
  throw new CommandError('home_unusable', `cannot read ${path} (${systemCodeOf(cause)})`, { cause });
};
