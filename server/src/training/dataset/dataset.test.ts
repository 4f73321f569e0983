import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { builtDataset } from '../../../../test/support/built-dataset.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openDataset } from './dataset.ts';
import { PHOTO_BYTES } from './dataset-format.ts';

// A machine that does something else at the same time takes its time.
vi.setConfig({ testTimeout: 60_000 });

describe('opening a data set', () => {
  it.each<[string, (folder: string) => void, string]>([
    [
      'a head that is no JSON',
      (folder) => writeFileSync(join(folder, 'dataset.json'), '{'),
      'dataset.json is not JSON',
    ],
    [
      'an index of another build',
      (folder) => writeFileSync(join(folder, 'photos.jsonl'), ''),
      'photos.jsonl is not what dataset.json says it is',
    ],
    ['a mean that is missing', (folder) => rmSync(join(folder, 'mean.f32')), 'mean.f32 is missing'],
    [
      'a shard cut off',
      (folder) => writeFileSync(join(folder, 'shard-00000.gray'), 'short'),
      `shard-00000.gray has 5 bytes, it should have ${8 * PHOTO_BYTES}`,
    ],
    ['a shard that is missing', (folder) => rmSync(join(folder, 'shard-00000.gray')), 'shard-00000.gray is missing'],
  ])('is refused for %s, naming the file', async (_name, damage, message) => {
    const folder = await builtDataset({ LIKE: 4, NOPE: 4 });
    damage(folder);
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: 'dataset_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('is refused where there is none', async () => {
    await expect(openDataset(temporaryFolder())).rejects.toMatchObject({ code: 'dataset_missing' });
  });

  it('tells two data sets apart by their ids', async () => {
    await using first = await openDataset(await builtDataset({ LIKE: 4, NOPE: 4 }));
    await using second = await openDataset(await builtDataset({ LIKE: 5, NOPE: 4 }));
    expect(first.id).not.toBe(second.id);
  });
});
