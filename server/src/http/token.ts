import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';

/** Where the access token of a home folder is. */
export const tokenPath = (home: string) => join(home, 'token');

/**
 * The access token of a home folder; made at the first start, 256 random bits, readable by its owner alone (0600).
 *
 * @throws SwipenetError `home_unusable` when the folder cannot be written or the file holds no token.
 */
export async function readOrCreateToken(home: string): Promise<string> {
  const path = tokenPath(home);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) {
      throw new SwipenetError('home_unusable', `the folder ${home} cannot be written`, { cause });
    }
  }
  const token = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (!/^\S{16,}$/.test(token)) {
    throw new SwipenetError('home_unusable', `${path} holds no token; remove it and a new one is made`);
  }
  return token;
}
