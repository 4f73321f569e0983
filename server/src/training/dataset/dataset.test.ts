import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtDataset } from '../../../../test/support/built-dataset.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openDataset } from './dataset.ts';
import { PHOTO_BYTES } from './dataset-format.ts';

describe('opening a dataset', () => {
  it.each<[string, (folder: string) => void, string]>([
    [
      'invalid JSON in dataset.json',
      (folder) => writeFileSync(join(folder, 'dataset.json'), '{'),
      'dataset.json is not valid JSON',
    ],
    [
      'an index from another build',
      (folder) => writeFileSync(join(folder, 'photos.jsonl'), ''),
      'photos.jsonl doesn’t match its hash in dataset.json',
    ],
    ['a missing mean', (folder) => rmSync(join(folder, 'mean.f32')), 'mean.f32 is missing'],
    [
      'a truncated shard',
      (folder) => writeFileSync(join(folder, 'shard-00000.gray'), 'short'),
      `shard-00000.gray has 5 bytes, expected ${8 * PHOTO_BYTES}`,
    ],
    [
      'a dropped place that no photo has',
      (folder) => {
        const head = JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'));
        writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ ...head, droppedPlaces: [9] }));
      },
      'dataset.json drops a place that no photo has',
    ],
    ['a missing shard', (folder) => rmSync(join(folder, 'shard-00000.gray')), 'shard-00000.gray is missing'],
  ])('fails with %s, and names the file', async (_name, damage, message) => {
    const folder = await builtDataset({ LIKE: 4, NOPE: 4 });
    damage(folder);
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: 'dataset_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('fails if there is none', async () => {
    await expect(openDataset(temporaryFolder())).rejects.toMatchObject({ code: 'dataset_missing' });
  });

  it('gives different datasets different IDs', async () => {
    await using first = await openDataset(await builtDataset({ LIKE: 4, NOPE: 4 }));
    await using second = await openDataset(await builtDataset({ LIKE: 5, NOPE: 4 }));
    expect(first.id).not.toBe(second.id);
  });
});
