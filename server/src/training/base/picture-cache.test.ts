import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { PictureCache, type PictureSources } from './picture-cache.ts';

const LIGHT = { brightness: 1, contrast: 1, gamma: 1, saturation: 1 };
const whole = { left: 0, top: 0, mirrored: false, light: LIGHT };
const sourcesOf = (folders: readonly string[], drawn = 0): PictureSources => ({
  ...{ folders, drawn, workers: 2, onProgress: () => {} },
});

/** Writes a picture whose red level is the column, whose green level is the row, and whose blue level is 7. */
async function writeRamp(path: string, width: number, height: number): Promise<void> {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1)
    data.set([(at % width) & 255, Math.floor(at / width) & 255, 7], 3 * at);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

describe('a cache of pictures', () => {
  it('returns parts of a picture at its own size, enlarged, reduced and mirrored', async () => {
    const folder = temporaryFolder();
    await writeRamp(join(folder, 'ramp.png'), 256, 240);
    await using cache = await PictureCache.open(join(folder, 'cache'), sourcesOf([folder]), false);
    const pixel = (crop: Float32Array, side: number, row: number, column: number) => {
      const at = 3 * (row * side + column);
      return [...crop.subarray(at, at + 3)];
    };
    const own = await cache.crop(0, { ...whole, left: 10, top: 20, width: 100, height: 100 }, 100);
    expect(pixel(own, 100, 0, 0)).toEqual([10, 20, 7]);
    expect(pixel(own, 100, 99, 50)).toEqual([60, 119, 7]);
    const mirrored = await cache.crop(0, { ...whole, left: 10, top: 20, width: 100, height: 100, mirrored: true }, 100);
    expect(pixel(mirrored, 100, 0, 0)).toEqual([109, 20, 7]);
    const enlarged = await cache.crop(0, { ...whole, left: 10, top: 20, width: 50, height: 50 }, 100);
    expect(pixel(enlarged, 100, 2, 2)).toEqual([10.75, 20.75, 7].map((level) => expect.closeTo(level)));
    const reduced = await cache.crop(0, { ...whole, left: 20, top: 20, width: 200, height: 200 }, 100);
    expect(pixel(reduced, 100, 50, 50)).toEqual([120.5, 120.5, 7].map((level) => expect.closeTo(level)));
  });

  it('reads a large picture’s smaller sizes where they are sharp enough', async () => {
    const folder = temporaryFolder();
    const level = { create: { width: 900, height: 900, channels: 3 as const, background: { r: 200, g: 100, b: 50 } } };
    await sharp(level).png().toFile(join(folder, 'large.png'));
    await using cache = await PictureCache.open(join(folder, 'cache'), sourcesOf([folder]), false);
    expect(cache.pictures[0]!.levels.map(({ width }) => width)).toEqual([900, 450, 225]);
    const crop = await cache.crop(0, { ...whole, width: 900, height: 900 }, 224);
    expect([...crop.subarray(0, 3)]).toEqual([200, 100, 50].map((number) => expect.closeTo(number, 0)));
  });

  it('leaves out pictures that are too small or can’t be decoded', async () => {
    const folder = temporaryFolder();
    await writeRamp(join(folder, 'fits.png'), 128, 128);
    await writeRamp(join(folder, 'small.png'), 128, 90);
    writeFileSync(join(folder, 'broken.jpg'), 'not a photo');
    await using cache = await PictureCache.open(join(folder, 'cache'), sourcesOf([folder]), false);
    expect([cache.pictures.length, cache.leftOut]).toEqual([1, 2]);
  });

  it('belongs to the content of its pictures, wherever they are', async () => {
    const [folder, moved] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folder, 'pictures'));
    for (const width of [128, 160]) await writeRamp(join(folder, 'pictures', `${width}.png`), width, 128);
    const place = join(folder, 'cache');
    await (await PictureCache.open(place, sourcesOf([join(folder, 'pictures')], 2), false))[Symbol.asyncDispose]();
    for (const file of readdirSync(join(folder, 'pictures')))
      copyFileSync(join(folder, 'pictures', file), join(moved, file));
    const reopened = await PictureCache.open(place, sourcesOf([moved], 2), true);
    expect(reopened.pictures).toHaveLength(4);
    await reopened[Symbol.asyncDispose]();
    await writeRamp(join(moved, '160.png'), 161, 128);
    await expect(PictureCache.open(place, sourcesOf([moved], 2), true)).rejects.toMatchObject({ code: 'run_invalid' });
    await expect(PictureCache.open(place, sourcesOf([folder], 3), true)).rejects.toMatchObject({ code: 'run_invalid' });
  });
});
