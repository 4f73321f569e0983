import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** How long to wait for a process that only looks whether the lock is taken, in milliseconds. */
const PATIENCE_MS = 300;

/** What this process holds. A database that nobody refers to is closed by the garbage collector, and its lock is gone. */
const held = new Set<DatabaseSync>();

/**
 * A lock that a process holds until it ends, in whatever way. The operating system frees it with the process, so there
 * are no stale locks, and a reused process ID means nothing. Node has no such locks, but SQLite does, on every system.
 */
export class ProcessLock implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    held.add(database);
  }

  /**
   * Takes the lock in a file, which is created if it doesn't exist. Returns undefined if another process holds it, or
   * this one. Throws Error with the system's reason if the file can't be opened.
   */
  static take(path: string): ProcessLock | undefined {
    const database = new DatabaseSync(path, { timeout: PATIENCE_MS });
    if (begin(database)) return new ProcessLock(database);
    database.close();
    return undefined;
  }

  /** Returns true if a process holds the lock in a file. Doesn't create the file. */
  static isHeld(path: string): boolean {
    if (!existsSync(path)) return false;
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      return !canRead(database);
    } finally {
      database.close();
    }
  }

  /** Frees the lock before the process ends. */
  [Symbol.dispose](): void {
    held.delete(this.#database);
    this.#database.close();
  }
}

/** SQLite's code for a lock that another connection holds. */
const BUSY = 5;

/** Returns false if the lock is held, and doesn't keep it from others that only look. */
function canRead(database: DatabaseSync): boolean {
  return succeeds(() => database.exec('SELECT 1 FROM sqlite_schema'));
}

/** Returns false if the lock is held. */
function begin(database: DatabaseSync): boolean {
  return succeeds(() => {
    database.exec('PRAGMA journal_mode = MEMORY'); // no file beside the lock
    database.exec('BEGIN EXCLUSIVE');
  });
}

function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false;
    throw error;
  }
}
