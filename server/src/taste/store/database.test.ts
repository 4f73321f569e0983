import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { TasteDatabase } from './database.ts';
import { MIGRATIONS } from './migrations.ts';

const newPath = () => join(temporaryFolder(), 'taste', 'taste.db');

/** The real tables, and one that is easy to fill. */
const STEPS = [...MIGRATIONS, 'CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID'];

function open(path: string, migrations: readonly string[] = STEPS): TasteDatabase {
  const database = new TasteDatabase(path, migrations);
  onTestFinished(() => database.close());
  return database;
}

/** Opens a database without this room's code. */
function raw(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

const versionOf = (database: TasteDatabase) =>
  database.get<{ user_version: number }>('PRAGMA user_version')!.user_version;

/** Everything about the files of a folder that a careless reader would change. */
function look(path: string) {
  const folder = dirname(path);
  const names = readdirSync(folder);
  return names.map((name) => [
    name,
    readFileSync(join(folder, name)).toString('base64'),
    statSync(join(folder, name)).mtimeMs,
  ]);
}

describe('opening the database', () => {
  it('creates it with a write-ahead log, for its owner only', () => {
    const path = newPath();
    const database = open(path);
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(versionOf(database)).toBe(STEPS.length);
    database.write(() => database.run("INSERT INTO facts VALUES ('a', x'00')"));
    const modes = readdirSync(dirname(path)).map((name) => statSync(join(dirname(path), name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('keeps what is in it', () => {
    const path = newPath();
    const first = open(path);
    first.write(() => first.run("INSERT INTO facts VALUES ('a', x'07')"));
    first.close();
    expect(open(path).all('SELECT name FROM facts')).toEqual([{ name: 'a' }]);
  });

  it('runs the migrations that are missing, in order, and none twice', () => {
    const path = newPath();
    const steps = ['CREATE TABLE one (n)', 'INSERT INTO one VALUES (1)', 'ALTER TABLE one RENAME TO two'];
    open(path, steps.slice(0, 2)).close();
    const database = open(path, steps);
    expect(database.all('SELECT * FROM two')).toEqual([{ n: 1 }]);
    expect(versionOf(database)).toBe(3);
  });

  it('changes nothing if a migration fails', () => {
    const path = newPath();
    const first = ['CREATE TABLE one (n)'];
    open(path, first).close();
    expect(() => open(path, [...first, 'DROP TABLE one', 'nonsense'])).toThrow('nonsense');
    const database = open(path, first);
    expect(database.all('SELECT * FROM one')).toEqual([]);
    expect(versionOf(database)).toBe(1);
  });

  it('refuses a newer version and doesn’t touch a byte', () => {
    const path = newPath();
    open(path, [...STEPS, 'CREATE TABLE future (n)']).close();
    const before = look(path);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'taste_newer' }));
    expect(look(path)).toEqual(before);
  });

  it('refuses a newer version that only a killed process’s log knows, and doesn’t touch either', () => {
    const path = newPath();
    open(path).close();
    const writer = raw(path);
    writer.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99');
    // What a killed process leaves: the database and a log that nobody has moved into it.
    const killed = newPath();
    mkdirSync(dirname(killed));
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, killed + suffix);
    const before = look(killed);
    expect(() => open(killed)).toThrow(expect.objectContaining({ code: 'taste_newer' }));
    expect(look(killed).filter(([name]) => !String(name).endsWith('-shm'))).toEqual(before);
  });

  it.each<[string, (path: string) => void]>([
    ['a file that is no database', (path) => writeFileSync(path, 'not a database. '.repeat(100))],
    ['a folder', (path) => mkdirSync(path)],
  ])('refuses %s and leaves it alone', (_what, make) => {
    const path = newPath();
    mkdirSync(dirname(path));
    make(path);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'taste_unusable' }));
    expect(readdirSync(dirname(path))).toEqual(['taste.db']);
  });

  it('refuses a damaged database when it reads the damage', () => {
    const path = newPath();
    const first = open(path);
    first.write(() => first.run("INSERT INTO facts VALUES ('a', zeroblob(50000))"));
    first.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096);
    writeFileSync(path, bytes);
    const database = () => open(path).all('SELECT * FROM facts');
    expect(database).toThrow(
      expect.objectContaining({ code: 'taste_unusable', message: expect.stringContaining('damaged') }),
    );
  });

  it('refuses a folder that it may not write to', (context) => {
    if (process.getuid?.() === 0) return context.skip('root may write anywhere');
    const path = newPath();
    mkdirSync(dirname(path));
    chmodSync(dirname(path), 0o500);
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'taste_unusable' }));
  });
});

describe('a transaction', () => {
  it('is undone if it throws, and the next one works', () => {
    const database = open(newPath());
    const insert = (name: string) => database.run("INSERT INTO facts VALUES (?, x'00')", name);
    const failing = () =>
      database.write(() => {
        insert('a');
        throw new Error('on purpose');
      });
    expect(failing).toThrow('on purpose');
    database.write(() => insert('b'));
    expect(database.all('SELECT name FROM facts')).toEqual([{ name: 'b' }]);
  });

  it('that doesn’t fit loses nothing that was there, and the next one that fits works', () => {
    const database = open(newPath());
    const insert = (name: string, bytes: number) =>
      database.write(() => database.run('INSERT INTO facts VALUES (?, zeroblob(?))', name, bytes));
    insert('small', 10);
    database.get('PRAGMA max_page_count = 40');
    expect(() => insert('large', 1_000_000)).toThrow(expect.objectContaining({ code: 'taste_disk_full' }));
    insert('another', 10);
    expect(database.all('SELECT name FROM facts')).toEqual([{ name: 'another' }, { name: 'small' }]);
    expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  });

  it('reports a process that keeps the database to itself', () => {
    const path = newPath();
    const database = open(path);
    const other = raw(path);
    other.exec('BEGIN IMMEDIATE');
    database.get('PRAGMA busy_timeout = 1');
    const insert = () => database.write(() => database.run("INSERT INTO facts VALUES ('a', x'00')"));
    expect(insert).toThrow(expect.objectContaining({ code: 'taste_busy' }));
    other.exec('ROLLBACK');
    insert();
    expect(database.all('SELECT name FROM facts')).toEqual([{ name: 'a' }]);
  });

  it('empties the log unless somebody reads from it', () => {
    const path = newPath();
    const database = open(path);
    const insert = (name: string) =>
      database.write(() => database.run('INSERT INTO facts VALUES (?, zeroblob(9000))', name));
    insert('a');
    const reader = raw(path);
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM facts').all();
    insert('b');
    expect(database.emptyLog({ wait: false })).toBe(false);
    reader.exec('COMMIT');
    expect(database.emptyLog({ wait: true })).toBe(true);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });
});
