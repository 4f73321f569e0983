import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dyingDisk, FULL_DISK } from '../../../test/support/failing-disks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import {
  type Disk,
  machineDisk,
  makeFolder,
  removeFile,
  replaceFolderWhole,
  writeFolderWhole,
  writeWhole,
} from './write-whole.ts';

const OLD = 'the old text';
const NEW = 'the new text, which is longer';
const FILES = { first: NEW, second: new Uint8Array([1, 2, 3]) };

/** Returns the content of a file, or undefined if it doesn't exist. */
const textAt = (path: string) => readFile(path, 'utf8').catch(() => undefined);

/** Repeats a write that is killed before each of its disk operations in turn. Returns what is on disk afterwards. */
async function killEverywhere<Found>(
  write: (path: string, disk: Disk) => Promise<void>,
  look: (path: string) => Promise<Found>,
  prepare: (path: string) => Promise<unknown> = async () => {},
): Promise<Found[]> {
  const found: Found[] = [];
  for (let operations = 0, done = false; !done; operations += 1) {
    const path = join(temporaryFolder(), 'target');
    await prepare(path);
    const disk = dyingDisk(operations);
    await write(path, disk).catch(() => {});
    found.push(await look(path));
    done = disk.operations() <= operations;
  }
  expect(found.length).toBeGreaterThan(5);
  return found;
}

describe('writing a file', () => {
  it.each<[string, string | Uint8Array | Uint8Array[]]>([
    ['text', 'grüß'],
    ['bytes', new TextEncoder().encode('grüß')],
    ['pieces of bytes', [new TextEncoder().encode('gr'), new TextEncoder().encode('üß')]],
    ['nothing', ''],
  ])('writes %s', async (_what, content) => {
    const path = join(temporaryFolder(), 'file');
    await writeWhole(path, content);
    expect(await textAt(path)).toBe(content === '' ? '' : 'grüß');
  });

  it.each([false, true])('leaves nothing else behind (exclusive: %s)', async (exclusive) => {
    const folder = temporaryFolder();
    await writeWhole(join(folder, 'file'), NEW, { exclusive });
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves the whole old file or the whole new one, whenever it is killed', async () => {
    const found = await killEverywhere(
      (path, disk) => writeWhole(path, NEW, { disk }),
      textAt,
      (path) => writeFile(path, OLD),
    );
    expect([...new Set(found)]).toEqual([OLD, NEW]);
  });

  it('creates the whole file or nothing, whenever it is killed', async () => {
    const found = await killEverywhere((path, disk) => writeWhole(path, NEW, { exclusive: true, disk }), textAt);
    expect([...new Set(found)]).toEqual([undefined, NEW]);
  });

  it('never replaces an existing file in exclusive mode, whenever it is killed', async () => {
    const found = await killEverywhere(
      (path, disk) => writeWhole(path, NEW, { exclusive: true, disk }),
      textAt,
      (path) => writeFile(path, OLD),
    );
    expect([...new Set(found)]).toEqual([OLD]);
  });

  it('rejects creating a file that exists, and removes its draft', async () => {
    const path = join(temporaryFolder(), 'file');
    await writeFile(path, OLD);
    await expect(writeWhole(path, NEW, { exclusive: true })).rejects.toMatchObject({ code: 'EEXIST' });
    expect([await textAt(path), await readdir(join(path, '..'))]).toEqual([OLD, ['file']]);
  });

  it('lets one of two concurrent creators win and write its whole file', async () => {
    const path = join(temporaryFolder(), 'file');
    const ends = await Promise.allSettled([OLD, NEW].map((text) => writeWhole(path, text, { exclusive: true })));
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await textAt(path)).toBe(ends[0]!.status === 'fulfilled' ? OLD : NEW);
  });

  it('keeps two concurrent writers apart, so the file is what one of them wrote', async () => {
    const path = join(temporaryFolder(), 'file');
    await Promise.all([OLD, NEW].map((text) => writeWhole(path, text)));
    expect([OLD, NEW]).toContain(await textAt(path));
    expect(await readdir(join(path, '..'))).toEqual(['file']);
  });

  it.each([
    { exclusive: false, place: 'rename' },
    { exclusive: true, place: 'link' },
  ])('syncs the draft before the $place gives it its name, then syncs the folder', async ({ exclusive, place }) => {
    const path = join(temporaryFolder(), 'file');
    const steps: string[] = [];
    const watched: Disk = {
      ...machineDisk,
      open: async (opened, flags, mode) => {
        const file = await machineDisk.open(opened, flags, mode);
        const write = ((piece: Uint8Array, from: number, length: number) => {
          steps.push('write');
          return file.write(piece, from, length);
        }) as typeof file.write;
        const sync = () => {
          steps.push(opened === join(path, '..') ? 'sync folder' : 'sync file');
          return file.sync();
        };
        return { write, sync, close: () => file.close() };
      },
      [place]: (from: string, to: string) => {
        steps.push(place);
        return machineDisk[place as 'rename' | 'link'](from, to);
      },
    };
    await writeWhole(path, NEW, { exclusive, disk: watched });
    expect(steps).toEqual(['write', 'sync file', place, 'sync folder']);
  });

  it('sets the permissions before the first byte, and hides the draft', async () => {
    const path = join(temporaryFolder(), 'secret');
    const drafts: string[] = [];
    const modes: number[] = [];
    const watched: Disk = {
      ...machineDisk,
      open: async (opened, flags, mode) => {
        const file = await machineDisk.open(opened, flags, mode);
        if (flags === 'wx') {
          drafts.push(opened.slice(join(path, '..').length + 1));
          modes.push((await stat(opened)).mode & 0o777);
        }
        return file;
      },
    };
    for (const exclusive of [true, false]) await writeWhole(path, NEW, { mode: 0o600, exclusive, disk: watched });
    expect(modes).toEqual([0o600, 0o600]);
    expect(drafts).toEqual([expect.stringMatching(/^\.secret\..+\.draft$/), expect.stringMatching(/^\.secret\./)]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([false, true])('keeps the old file and no draft if the disk is full (exclusive: %s)', async (exclusive) => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    if (!exclusive) await writeFile(path, OLD);
    const writing = writeWhole(path, NEW, { exclusive, disk: FULL_DISK });
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    expect([await textAt(path), await readdir(folder)]).toEqual(exclusive ? [undefined, []] : [OLD, ['file']]);
  });
});

describe('writing a folder', () => {
  const namesAt = async (path: string) => (await readdir(path).catch(() => undefined))?.toSorted();

  it('creates it with all its files', async () => {
    const path = join(temporaryFolder(), 'folder');
    await writeFolderWhole(path, FILES);
    expect(await namesAt(path)).toEqual(['first', 'second']);
    expect(await textAt(join(path, 'first'))).toBe(NEW);
    expect(await readdir(join(path, '..'))).toEqual(['folder']);
  });

  it('creates the whole folder or nothing, whenever it is killed', async () => {
    const found = await killEverywhere(
      (path, disk) => writeFolderWhole(path, FILES, disk),
      async (path) =>
        (await namesAt(path)) ? { names: await namesAt(path), text: await textAt(join(path, 'first')) } : 0,
    );
    expect(found.filter((there) => there === 0).length).toBeGreaterThan(5);
    expect(found.filter((there) => there !== 0).length).toBeGreaterThan(1);
    for (const there of found) if (there !== 0) expect(there).toEqual({ names: ['first', 'second'], text: NEW });
  });

  it('may replace an empty folder, with or without a trailing slash', async () => {
    for (const end of ['', '/']) {
      const path = join(temporaryFolder(), 'folder') + end;
      await mkdir(path);
      await writeFolderWhole(path, FILES);
      expect(await namesAt(path)).toEqual(['first', 'second']);
    }
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['a file', (path) => writeFile(path, OLD)],
    [
      'a folder with something in it',
      async (path) => {
        await mkdir(path);
        await writeFile(join(path, 'mine'), OLD);
      },
    ],
  ])('rejects replacing %s, and removes its draft', async (_what, prepare) => {
    const path = join(temporaryFolder(), 'folder');
    await prepare(path);
    await expect(writeFolderWhole(path, FILES)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readdir(join(path, '..'))).toEqual(['folder']);
    expect((await textAt(path)) ?? (await textAt(join(path, 'mine')))).toBe(OLD);
  });

  it('creates the parent folders, and fails if one of them is a file', async () => {
    const root = temporaryFolder();
    await writeFolderWhole(join(root, 'a', 'b', 'folder'), FILES);
    expect(await namesAt(join(root, 'a', 'b', 'folder'))).toEqual(['first', 'second']);
    await writeFile(join(root, 'file'), OLD);
    const writing = writeFolderWhole(join(root, 'file', 'folder'), FILES);
    await expect(writing).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('creates subfolders, and syncs each', async () => {
    const path = join(temporaryFolder(), 'folder');
    const synced: string[] = [];
    const disk: Disk = {
      ...machineDisk,
      open: async (opened, flags, mode) => {
        if (flags === 'r') synced.push(opened.replace(/\.folder\.[^/]+/, 'draft').slice(join(path, '..').length + 1));
        return machineDisk.open(opened, flags, mode);
      },
    };
    await writeFolderWhole(path, { 'config.pbtxt': OLD, '1/model.onnx': NEW }, disk);
    expect([await textAt(join(path, 'config.pbtxt')), await textAt(join(path, '1', 'model.onnx'))]).toEqual([OLD, NEW]);
    expect(synced.slice(-3)).toEqual(['draft', 'draft/1', '']);
  });

  it('replaces the whole old folder by the whole new one, or leaves none, whenever it is killed', async () => {
    const found = await killEverywhere(
      (path, disk) => replaceFolderWhole(path, FILES, disk),
      async (path) => [await namesAt(path), await textAt(join(path, 'first'))],
      (path) => writeFolderWhole(path, { old: OLD }),
    );
    const before = JSON.stringify([['old'], null]);
    const after = JSON.stringify([['first', 'second'], NEW]);
    const states = [...new Set(found.map((state) => JSON.stringify(state)))];
    expect(states).toEqual([before, JSON.stringify([null, null]), after]);
  });

  it('keeps the old folder, and nothing else, if the disk is full', async () => {
    const path = join(temporaryFolder(), 'folder');
    await writeFolderWhole(path, { old: OLD });
    await expect(replaceFolderWhole(path, FILES, FULL_DISK)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect([await readdir(join(path, '..')), await namesAt(path)]).toEqual([['folder'], ['old']]);
  });

  it('leaves nothing behind if the disk is full', async () => {
    const folder = temporaryFolder();
    await expect(writeFolderWhole(join(folder, 'folder'), FILES, FULL_DISK)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('creating a folder', () => {
  /** A disk that collects the folders that are synced. */
  function watchedDisk() {
    const synced: string[] = [];
    const disk: Disk = {
      ...machineDisk,
      open: async (path, flags, mode) => {
        const file = await machineDisk.open(path, flags, mode);
        const sync = () => {
          synced.push(path);
          return file.sync();
        };
        return { write: file.write.bind(file), sync, close: () => file.close() };
      },
    };
    return { disk, synced };
  }

  it('syncs the parent of each folder that it creates, and sets their permissions', async () => {
    const root = temporaryFolder();
    const { disk, synced } = watchedDisk();
    await makeFolder(join(root, 'a', 'b', 'c'), { mode: 0o700, disk });
    expect(synced).toEqual([join(root, 'a', 'b'), join(root, 'a'), root]);
    expect((await stat(join(root, 'a', 'b', 'c'))).mode & 0o777).toBe(0o700);
  });

  it('does nothing if it exists', async () => {
    const { disk, synced } = watchedDisk();
    await makeFolder(temporaryFolder(), { disk });
    expect(synced).toEqual([]);
  });

  it('also syncs new parents of a folder with files', async () => {
    const root = temporaryFolder();
    const { disk, synced } = watchedDisk();
    await writeFolderWhole(join(root, 'models', 'mine'), { 'model.onnx': 'x' }, disk);
    expect(synced).toContain(root);
    expect(synced.at(-1)).toBe(join(root, 'models'));
  });
});

it('removing a file fails with the system’s code if it doesn’t exist', async () => {
  await expect(removeFile(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
