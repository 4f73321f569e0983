import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { CommandError } from '../../command-error.ts';
import { asStoreError } from './database-error.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long to wait for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** The log shrinks to this size in bytes when it starts again from the beginning. */
const LOG_BYTES = 4 << 20;

/**
 * - `WAL`: readers never wait for the writer, and a killed process leaves whole transactions or none.
 * - `synchronous = NORMAL`: a commit survives a killed process, but a power cut may undo the last ones. That is right for
 *   features of scored profiles, which come with every score. Labels are committed with `FULL`, see `write`.
 * - `secure_delete`: overwrites deleted content with zeros.
 * - `temp_store = MEMORY`: keeps a copy of the data out of the system's folder for temporary files.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = ${LOG_BYTES};
`;

/** A parameter of a statement. */
type Parameter = SQLInputValue;

/**
 * The database of swipes: an SQLite file with transactions, in which every failure has a code. Calls are synchronous.
 * Any number of processes may read while one writes. Rows are trusted, because only this room writes the file, and its
 * tables are strict.
 */
export class TasteDatabase {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Opens a database, creates it if it doesn't exist, and brings it to this version.
   *
   * @param options.readOnly only reads, from a database that another process has opened. Then this process never holds a
   *   lock that a writer waits for, so it may be paused at any time.
   * @throws CommandError `taste_newer` for a database of a newer version, which is left untouched; `taste_unusable`,
   *   `taste_busy` or `taste_disk_full`.
   */
  constructor(path: string, migrations: readonly string[] = MIGRATIONS, { readOnly = false } = {}) {
    this.path = path;
    try {
      if (readOnly) {
        this.#database = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
        return;
      }
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if (existsSync(path)) refuseNewer(path, migrations.length);
      closeSync(openSync(path, 'a', 0o600)); // SQLite would let everyone read the file; its other files follow this one
      chmodSync(path, 0o600);
      this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    } catch (error) {
      throw asStoreError(error, path);
    }
    try {
      this.#database.exec(PRAGMAS);
      this.#migrate(migrations);
      // A process that was killed while it deleted may have left deleted content in the log.
      this.emptyLog({ wait: false });
    } catch (error) {
      this.#database.close();
      throw asStoreError(error, path);
    }
  }

  /** Returns all rows. */
  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(...parameters) as Row[]);
  }

  /** Returns the first row, or undefined if there is none. */
  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#guarded(() => this.#statement(sql).get(...parameters) as Row | undefined);
  }

  /** Runs a statement. Returns how many rows it changed, and the ID of the row that it inserted. */
  run(sql: string, ...parameters: Parameter[]): { changes: number; id: number } {
    return this.#guarded(() => {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...parameters);
      return { changes: Number(changes), id: Number(lastInsertRowid) };
    });
  }

  /**
   * Runs `work` in one transaction, which is undone if it throws.
   *
   * @param durable waits until the transaction is on the disk, so that it survives a power cut.
   */
  write<Result>(work: () => Result, { durable = false } = {}): Result {
    return this.#guarded(() => {
      this.#database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      // Takes the lock right away. A transaction that reads first can't wait for another writer later.
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite has already rolled back if the disk is full.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /**
   * Moves the log into the database and empties it, so that nothing deleted is left in it.
   *
   * @param wait waits for another process that reads from the log.
   * @returns false if another process still reads from it.
   */
  emptyLog({ wait }: { readonly wait: boolean }): boolean {
    return this.#guarded(() => {
      this.#database.exec(`PRAGMA busy_timeout = ${wait ? BUSY_TIMEOUT_MS : 0}`);
      try {
        const found = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
        return found.busy === 0;
      } finally {
        this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      }
    });
  }

  /** Writes the whole database anew, without the gaps that deleted rows leave. */
  vacuum(): void {
    this.#guarded(() => this.#database.exec('VACUUM'));
  }

  /** Returns the size of the database in bytes, without its log. */
  bytes(): number {
    const { page_count: pages } = this.get<{ page_count: number }>('PRAGMA page_count')!;
    return pages * this.get<{ page_size: number }>('PRAGMA page_size')!.page_size;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Compiles each statement once. */
  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #migrate(migrations: readonly string[]): void {
    if (versionOf(this.#database) === migrations.length) return;
    this.write(
      () => {
        // Another process may have migrated while this one waited for the lock.
        for (let version = versionOf(this.#database); version < migrations.length; version += 1) {
          this.#database.exec(migrations[version]!);
          this.#database.exec(`PRAGMA user_version = ${version + 1}`);
        }
      },
      { durable: true },
    );
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }
}

const versionOf = (database: DatabaseSync) =>
  (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;

/** The first bytes of an SQLite file, and where its header has the version, 4 bytes, big-endian (sqlite.org/fileformat2). */
const MAGIC = 'SQLite format 3\0';
const VERSION_AT = 60;

/**
 * Refuses a database of a newer version without changing a byte of it. Opening it for writing would move its log into it.
 */
function refuseNewer(path: string, known: number): void {
  const newer = (version: number) =>
    new CommandError(
      'taste_newer',
      `a newer version of Swipenet wrote ${path} (format ${version}, this version knows up to ${known}); update Swipenet`,
    );
  const inHeader = versionInHeader(path);
  if (inHeader > known) throw newer(inHeader);
  if (!existsSync(`${path}-wal`)) return;
  // The newest version may be in a log that a killed process left.
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const version = versionOf(database);
    if (version > known) throw newer(version);
  } finally {
    database.close();
  }
}

/** Returns the version in the header of a file, or 0 if it isn't a database. */
function versionInHeader(path: string): number {
  const header = Buffer.alloc(VERSION_AT + 4);
  const file = openSync(path, 'r');
  try {
    readSync(file, header);
  } finally {
    closeSync(file);
  }
  return header.toString('latin1', 0, MAGIC.length) === MAGIC ? header.readUInt32BE(VERSION_AT) : 0;
}
