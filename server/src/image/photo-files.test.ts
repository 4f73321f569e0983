import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { findProfiles } from './photo-files.ts';

function folderWith(...files: string[]): string {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

describe('profiles on disk', () => {
  it('are the folders that contain photos, at any depth, sorted by name', async () => {
    const root = folderWith(
      'b/10.jpg',
      'b/9.JPG',
      'a/x.webp',
      'a/inside/y.png',
      'z.avif',
      'notes.txt',
      'b/list.csv',
      '.hidden/1.jpg',
      'a/.DS_Store',
    );
    const { profiles, skipped } = await findProfiles([root]);
    expect(profiles).toEqual([
      { path: root, photos: [join(root, 'z.avif')] },
      { path: join(root, 'a'), photos: [join(root, 'a/x.webp')] },
      { path: join(root, 'a/inside'), photos: [join(root, 'a/inside/y.png')] },
      { path: join(root, 'b'), photos: [join(root, 'b/9.JPG'), join(root, 'b/10.jpg')] },
    ]);
    expect(skipped).toEqual([join(root, 'notes.txt'), join(root, 'b/list.csv')]);
  });

  it('include loose files as one profile, in the order given', async () => {
    const root = folderWith('2.jpg', '1.jpg', 'p/3.gif');
    const named = [join(root, '2.jpg'), join(root, '1.jpg')];
    const { profiles } = await findProfiles([join(root, 'p'), ...named]);
    expect(profiles).toEqual([
      { path: root, photos: named },
      { path: join(root, 'p'), photos: [join(root, 'p/3.gif')] },
    ]);
  });

  it('cause an error that names a path that is missing or contains no photos', async () => {
    const root = folderWith('empty/notes.txt');
    await expect(findProfiles([join(root, 'gone')])).rejects.toMatchObject({
      code: 'path_missing',
      message: expect.stringContaining(join(root, 'gone')),
    });
    await expect(findProfiles([join(root, 'empty')])).rejects.toMatchObject({
      code: 'path_without_photos',
      message: expect.stringContaining('empty'),
    });
    await expect(findProfiles([join(root, 'empty/notes.txt')])).rejects.toMatchObject({ code: 'path_without_photos' });
  });
});
