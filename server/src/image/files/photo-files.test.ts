import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { findProfiles } from './photo-files.ts';
import { readPhotoFile } from './read-photo-file.ts';

function folderWith(...files: string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

/** Returns what was found below a folder, with paths that start there. */
async function found(root: string, paths: readonly string[] = [root]) {
  const { profiles, leftOut } = await findProfiles(paths);
  const short = (path: string) => path.slice(root.length + 1);
  return {
    photos: profiles.flatMap(({ photos }) => photos.map(short)),
    leftOut: leftOut.map(({ path, reason }) => [short(path), reason]),
    messages: leftOut.map(({ message }) => message.replaceAll(`${root}/`, '')),
  };
}

describe('profiles on disk', () => {
  it('are the folders that contain photos, at any depth, sorted by name', async () => {
    const root = folderWith(
      'b/10.jpg',
      'b/9.JPG',
      'b/09.JPG',
      'a/x.webp',
      'a/inside/y.png',
      'z.avif',
      'notes.txt',
      'b/list.csv',
      '.hidden/1.jpg',
      'a/.DS_Store',
    );
    const { profiles } = await findProfiles([root]);
    const below = root;
    expect(profiles).toEqual([
      { path: root, below, photos: [join(root, 'z.avif')] },
      { path: join(root, 'a'), below, photos: [join(root, 'a/x.webp')] },
      { path: join(root, 'a/inside'), below, photos: [join(root, 'a/inside/y.png')] },
      { path: join(root, 'b'), below, photos: [join(root, 'b/09.JPG'), join(root, 'b/9.JPG'), join(root, 'b/10.jpg')] },
    ]);
    expect((await found(root)).leftOut).toEqual([
      ['b/list.csv', 'no_photo_by_name'],
      ['notes.txt', 'no_photo_by_name'],
    ]);
  });

  it('include loose files as one profile, in the order given, each once', async () => {
    const root = folderWith('2.jpg', '1.jpg', 'p/3.gif');
    const named = [join(root, '2.jpg'), join(root, '1.jpg')];
    const { profiles } = await findProfiles([join(root, 'p'), ...named, named[0]!]);
    expect(profiles).toEqual([
      { path: root, below: root, photos: named },
      { path: join(root, 'p'), below: join(root, 'p'), photos: [join(root, 'p/3.gif')] },
    ]);
  });

  it('cause an error that names a path that is missing or contains no photos', async () => {
    const root = folderWith('empty/notes.txt');
    await expect(findProfiles([join(root, 'gone')])).rejects.toMatchObject({
      code: 'path_missing',
      message: `${join(root, 'gone')} doesn’t exist`,
    });
    await expect(findProfiles([join(root, 'empty')])).rejects.toMatchObject({
      code: 'path_without_photos',
      message: `found no photos. ${join(root, 'empty')}: it contains no photos`,
    });
    await expect(findProfiles([join(root, 'empty/notes.txt')])).rejects.toMatchObject({
      code: 'path_without_photos',
      message: expect.stringContaining('not a photo, judging by its name'),
    });
  });

  it('leave out a path without photos if others have some', async () => {
    const root = folderWith('a/1.jpg', 'empty/notes.txt', 'list.csv');
    const paths = ['a', 'empty', 'list.csv'].map((path) => join(root, path));
    expect(await found(root, paths)).toMatchObject({
      photos: ['a/1.jpg'],
      leftOut: [
        ['empty/notes.txt', 'no_photo_by_name'],
        ['list.csv', 'no_photo_by_name'],
        ['empty', 'no_photos'],
      ],
    });
  });
});

/** Finds profiles in a process of a user who isn't root, because root can read everything. */
function foundAsUser(calls: readonly (readonly string[])[]) {
  const script = `
    const { findProfiles } = await import(${JSON.stringify(import.meta.resolve('./photo-files.ts'))});
    if (process.getuid?.() === 0) process.setuid(65534);
    const found = ${JSON.stringify(calls)}.map((paths) =>
      findProfiles(paths).catch(({ code, message }) => ({ code, message })));
    console.log(JSON.stringify(await Promise.all(found)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

describe.skipIf(process.platform === 'win32')('a folder that can’t be read', () => {
  it('is left out, and the others are read', () => {
    const root = folderWith('a/1.jpg', 'b/2.jpg', 'private/3.jpg');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'private'), 0);
    const a = join(root, 'a');
    const closed = join(root, 'private');
    const leftOut = [{ path: closed, reason: 'path_unreadable', message: 'it can’t be read (EACCES)' }];
    expect(foundAsUser([[root], [closed, a], [closed]])).toMatchObject([
      { profiles: [{ path: a }, { path: join(root, 'b') }], leftOut },
      { profiles: [{ path: a }], leftOut },
      { code: 'path_missing', message: `found no photos. ${closed}: it can’t be read (EACCES)` },
    ]);
    chmodSync(closed, 0o700); // so that it can be removed
  });
});

describe('links', () => {
  const linked = (root: string, links: Readonly<Record<string, string>>) => {
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
  };

  it('to folders and photos are followed', async () => {
    const root = folderWith('like/own.jpg', 'real/p1/a.jpg', 'real/p2/b.jpg', 'notes.txt');
    linked(root, { 'like/p1': '../real/p1', 'like/p0.jpg': '../real/p2', 'like/c.jpg': '../real/p2/b.jpg' });
    linked(root, { 'like/readme': '../notes.txt', 'like/gone': '../gone', 'like/gone.jpg': '../gone' });
    expect(await found(root, [join(root, 'like')])).toMatchObject({
      photos: ['like/c.jpg', 'like/gone.jpg', 'like/own.jpg', 'like/p0.jpg/b.jpg', 'like/p1/a.jpg'],
      leftOut: [
        ['like/gone', 'path_unreadable'],
        ['like/readme', 'no_photo_by_name'],
      ],
    });
  });

  it('lead to each folder once, and not before the folder itself', async () => {
    const root = folderWith('a/1.jpg', 'z/2.jpg', 'z/inside/3.jpg');
    linked(root, { 'a/up': '..', 'a/z': '../z', 'b-to-z': 'z', 'z/self': '.' });
    expect(await found(root)).toEqual({
      photos: ['a/1.jpg', 'z/2.jpg', 'z/inside/3.jpg'],
      leftOut: ['a/up', 'a/z', 'b-to-z', 'z/self'].map((link) => [link, 'folder_repeated']),
      messages: [
        `it is the same folder as ${root}`,
        ...['z', 'z', 'z'].map((own) => `it is the same folder as ${own}`),
      ],
    });
  });

  it('don’t multiply: twenty pairs of links behind one another end', async () => {
    const root = folderWith('20/1.jpg');
    for (let depth = 0; depth < 20; depth += 1) {
      mkdirSync(join(root, String(depth)));
      linked(root, { [`${depth}/x`]: `../${depth + 1}`, [`${depth}/y`]: `../${depth + 1}` });
    }
    const { photos, leftOut } = await found(root, [join(root, '0')]);
    expect(photos).toEqual([`0${'/x'.repeat(20)}/1.jpg`]);
    expect(leftOut).toHaveLength(20);
  });

  it('that lead in a circle or nowhere are named if there is nothing else', async () => {
    const root = folderWith('own/notes.txt');
    linked(root, { 'own/self': 'self', 'own/gone': 'gone', circle: 'circle' });
    await expect(findProfiles([join(root, 'own')])).rejects.toMatchObject({
      code: 'path_without_photos',
      message: expect.stringContaining(`${join(root, 'own/gone')}: the link leads nowhere`),
    });
    await expect(findProfiles([join(root, 'circle')])).rejects.toMatchObject({ code: 'path_missing' });
  });
});

/** Other systems refuse such names. */
describe.runIf(process.platform === 'linux')('names that aren’t UTF-8', () => {
  const bytes = (root: string, name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);

  /** Two profiles and a file, whose names Node can’t tell apart as text. */
  function odd(): string {
    const root = folderWith('plain/1.jpg');
    for (const name of ['dir\xe9', 'dir\xe8']) {
      mkdirSync(bytes(root, name));
      writeFileSync(bytes(root, `${name}/\xfc\u00c3\u00bc.jpg`), name, 'latin1');
    }
    return root;
  }

  it('are read like others', async () => {
    const root = odd();
    const { profiles } = await findProfiles([root]);
    const photos = profiles.flatMap((profile) => profile.photos);
    expect(photos.map((path) => path.slice(root.length + 1))).toEqual([
      'dir\udce8/\udcfcü.jpg',
      'dir\udce9/\udcfcü.jpg',
      'plain/1.jpg',
    ]);
    const contents = await Promise.all(photos.map((path) => readPhotoFile(path)));
    expect(contents.map((content) => Buffer.from(content).toString('latin1'))).toEqual(['dir\xe8', 'dir\xe9', '']);
  });

  it('are found from the command line, where Node has lost their bytes', async () => {
    const root = odd();
    const all = ['dir\udce8/\udcfcü.jpg', 'dir\udce9/\udcfcü.jpg'];
    expect((await found(root, [join(root, 'dir\ufffd'), join(root, 'dir\ufffd')])).photos).toEqual(all);
    expect((await found(root, [join(root, 'dir\ufffd', '\ufffdü.jpg')])).photos).toEqual(all);
    await expect(findProfiles([join(root, 'other\ufffd')])).rejects.toMatchObject({ code: 'path_missing' });
  });
});
