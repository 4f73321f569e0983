import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const SQLITE = { PERM: 3, BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 };

/** With less free space in bytes, a failed write is blamed on a full disk. SQLite doesn't always say so itself. */
const NEARLY_NOTHING = 64 << 10;

/** Names the failures that don't come from a bug. Returns any other error unchanged. */
export function asStoreError(error: unknown, path: string): unknown {
  if (error instanceof CommandError) return error;
  const result = resultOf(error);
  const code = String(systemCodeOf(error));
  const system = /^E[A-Z\d]+$/.test(code) ? code : undefined; // unlike ERR_SQLITE_ERROR and Node's other own codes
  const full = () => new CommandError('taste_disk_full', `the disk with ${path} is full`, { cause: error });
  const unusable = (what: string) => new CommandError('taste_unusable', `${path} ${what}`, { cause: error });
  if (result === SQLITE.FULL || system === 'ENOSPC') return full();
  if (result === SQLITE.BUSY || result === SQLITE.LOCKED) return busy(path, error);
  if (result === SQLITE.CORRUPT) return unusable('is damaged; restore a backup or move it away');
  if (result === SQLITE.NOTADB) return unusable('is not a database; move it away');
  const isRefused =
    result === SQLITE.PERM || result === SQLITE.READONLY || result === SQLITE.IOERR || result === SQLITE.CANTOPEN;
  if (!isRefused && system === undefined) return error;
  if (isRefused && isDiskFull(path)) return full();
  const reason = isRefused && error instanceof Error ? error.message : system;
  return unusable(`can’t be opened, read or written (${reason})`);
}

/** Another process has used the database for too long. */
export function busy(path: string, cause?: unknown): CommandError {
  return new CommandError('taste_busy', `another process is using ${path}; try again when it has ended`, { cause });
}

/** Returns SQLite's primary result code of an error, or undefined if SQLite didn't cause it. */
function resultOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff; // the rest says more about it
}

function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < NEARLY_NOTHING;
  } catch {
    return false;
  }
}
