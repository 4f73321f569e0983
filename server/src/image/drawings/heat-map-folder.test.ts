import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../test/support/photos.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { HeatMapFolder, heatMapName } from './heat-map-folder.ts';

const evidence = new Array<number>(49).fill(0.5);

describe('the name of a heat map', () => {
  it('has the number, the profile and the photo', () => {
    expect(heatMapName(7, 'photos/anna', 'photos/anna/IMG 2.final.jpg')).toBe('0007-anna-IMG-2-final.png');
    expect(heatMapName(12_345, '.', 'Zoë/ü.jpg')).toBe('12345.png');
  });

  it('is a harmless file name for any path, and another one for every photo', () => {
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('../../etc/passwd', '..', '/', 'C:\\con', 'nul', '.jpg', 'a\0b'),
    );
    fc.assert(
      fc.property(path, path, fc.integer({ min: 1, max: 99_999 }), (profile, photo, number) => {
        const name = heatMapName(number, profile, photo);
        expect(name).toMatch(/^\d{4,}(-[A-Za-z0-9-]{1,40}){0,2}\.png$/);
        expect(Number.parseInt(name, 10)).toBe(number);
      }),
    );
  });
});

describe('the folder of heat maps', () => {
  const photos = async () => {
    const folder = temporaryFolder();
    const path = join(folder, '1.jpg');
    writeFileSync(path, await formulaPhoto(64, 64).jpeg().toBuffer());
    return [
      { path, evidence },
      { path: join(folder, 'broken.jpg'), evidence: undefined },
      { path: join(folder, 'gone.jpg'), evidence },
      { path, evidence },
    ];
  };

  it('gets a PNG for each photo that has evidence and can still be read', async () => {
    const path = join(temporaryFolder(), 'new', 'maps');
    const folder = await HeatMapFolder.open(path);
    const names = await folder.add('anna', await photos(), 'cover');
    expect(names).toEqual(['0001-anna-1.png', undefined, undefined, '0004-anna-1.png']);
    expect(readdirSync(path).toSorted()).toEqual(['0001-anna-1.png', '0004-anna-1.png']);
    expect(readFileSync(join(path, '0001-anna-1.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('is new or empty', async () => {
    const path = temporaryFolder();
    await HeatMapFolder.open(path);
    writeFileSync(join(path, 'mine.txt'), '');
    await expect(HeatMapFolder.open(path)).rejects.toMatchObject({ code: 'output_unusable' });
    await expect(HeatMapFolder.open(join(path, 'mine.txt'))).rejects.toMatchObject({ code: 'output_unusable' });
  });

  it('never replaces a file that came meanwhile, nor what a link points at', async () => {
    const path = temporaryFolder();
    const folder = await HeatMapFolder.open(path);
    const other = join(temporaryFolder(), 'other.png');
    writeFileSync(other, 'mine');
    symlinkSync(other, join(path, '0001-anna-1.png'));
    const [photo] = await photos();
    await expect(folder.add('anna', [photo!], 'cover')).rejects.toMatchObject({ code: 'output_unusable' });
    expect([readFileSync(other, 'utf8'), readdirSync(path)]).toEqual(['mine', ['0001-anna-1.png']]);
    mkdirSync(join(path, '0002-anna-1.png'));
    await expect(folder.add('anna', [photo!], 'cover')).rejects.toMatchObject({ code: 'output_unusable' });
  });
});
