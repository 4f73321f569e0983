import { randomBytes } from 'node:crypto';
import { access, chmod, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { makeFolder, writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';

/** Returns the access token of a home folder, and creates it at the first start. Throws CommandError `home_unusable`. */
export const readOrCreateToken = (home: Home): Promise<string> => readOrCreate(home, home.token, 'token');

/**
 * Returns the key for profile IDs, `[32]`, and creates it at the first start. It isn't in the database of swipes, because
 * it stays when all of them are deleted: paired devices have it. Throws CommandError `home_unusable`.
 */
export async function readOrCreateProfileKey(home: Home): Promise<Uint8Array> {
  return Buffer.from(await readOrCreate(home, home.profileKey, 'key'), 'base64url');
}

/**
 * Reads the access token of a home folder that a server has used before.
 *
 * @throws CommandError `home_unusable`.
 */
export const readToken = (home: Home): Promise<string> => readSecret(home.token, 'token');

/**
 * Returns the secret in a file, and creates it from 256 random bits if there is none. Sets the file's permissions so that
 * only its owner can read it (0600).
 *
 * @throws CommandError `home_unusable` if the folder can't be written, or the file can't be read or has no secret.
 */
async function readOrCreate(home: Home, path: string, name: string): Promise<string> {
  try {
    await makeFolder(home.folder, { mode: 0o700 });
    await access(path).catch(() => create(path));
    await chmod(path, 0o600);
  } catch (cause) {
    const message = `cannot use the home folder ${home} (${systemCodeOf(cause)})${await ownerOf(home.folder)}`;
    throw new CommandError('home_unusable', message, { cause });
  }
  return await readSecret(path, name);
}

/** Says whose a folder is, if it is another user's, such as a volume of a container. Its parent counts if it is missing. */
async function ownerOf(folder: string): Promise<string> {
  const user = process.getuid?.(); // Windows has none
  const found = await stat(folder).catch(() => undefined);
  if (!found && dirname(folder) !== folder) return ownerOf(dirname(folder));
  if (!found || user === undefined || found.uid === user) return '';
  return `; ${folder} belongs to user ${found.uid}, and this is user ${user}`;
}

async function readSecret(path: string, name: string): Promise<string> {
  const secret = (await readFile(path, 'utf8').catch(unreadable(path))).trim();
  if (!/^\S{16,}$/.test(secret)) {
    throw new CommandError(
      'home_unusable',
      `${path} contains no ${name}; delete it, and the next start creates a new one`,
    );
  }
  return secret;
}

/** If two servers start for the first time at once, one creates the secret and both read it. */
async function create(path: string): Promise<void> {
  const secret = randomBytes(32).toString('base64url');
  await writeWhole(path, `${secret}\n`, { mode: 0o600, exclusive: true }).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  });
}

const unreadable = (path: string) => (cause: unknown) => {
  throw new CommandError('home_unusable', `can’t read ${path} (${systemCodeOf(cause)})`, { cause });
};
