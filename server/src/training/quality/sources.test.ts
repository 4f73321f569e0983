import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../test/support/photos.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { drawPicture } from '../../pictures/draw-photo.ts';
import { DRAWN, LEAST_SIDE, qualitySources, splitGroups } from './sources.ts';

const open = () => drawPicture({ scene: 'land', seed: 1, faults: [] });
const found = (group: string, count: number) =>
  Array.from({ length: count }, (_, number) => ({ name: `${group}/${number}`, group, open }));

describe('the split of source photos', () => {
  const photos = [...found('people', 140), ...found('flowers', 50)];

  it('gives every split its share of every group', () => {
    const sources = splitGroups(photos, 1);
    const count = (group: string, part: string) =>
      sources.filter((source) => source.group === group && source.part === part).length;
    expect(['training', 'validation', 'test'].map((part) => count('people', part))).toEqual([95, 14, 31]);
    expect(['training', 'validation', 'test'].map((part) => count('flowers', part))).toEqual([34, 5, 11]);
  });

  it('puts every photo into one split, and depends only on the random seed', () => {
    const parts = (seed: number) =>
      splitGroups(photos, seed)
        .map(({ name, part }) => `${name} ${part}`)
        .toSorted();
    expect(parts(1)).toHaveLength(photos.length);
    expect(parts(1)).toEqual(parts(1));
    expect(parts(1)).not.toEqual(parts(2));
  });
});

describe('source photos', () => {
  it('leave out small, damaged and duplicate photos with the reason, and group drawn pictures by themselves', async () => {
    const folder = join(temporaryFolder(), 'people');
    mkdirSync(folder);
    const file = await formulaPhoto(300, 400).jpeg().toBuffer();
    writeFileSync(join(folder, 'a.jpg'), file);
    writeFileSync(join(folder, 'b-again.jpg'), file);
    writeFileSync(
      join(folder, 'c-small.jpg'),
      await formulaPhoto(LEAST_SIDE - 1, 400)
        .jpeg()
        .toBuffer(),
    );
    writeFileSync(join(folder, 'd-damaged.jpg'), file.subarray(0, 200));
    const { sources, leftOut } = await qualitySources([folder], { drawn: 2, seed: 1 });
    expect(sources.map(({ name }) => name).toSorted()).toEqual([`${DRAWN}/lake-1`, `${DRAWN}/land-0`, 'people/a']);
    expect(leftOut.map(({ path, message }) => [path.slice(folder.length + 1), message])).toEqual([
      ['b-again.jpg', expect.stringContaining('same bytes')],
      ['c-small.jpg', expect.stringContaining('256')],
      ['d-damaged.jpg', expect.stringContaining('damaged')],
    ]);
  });
});
