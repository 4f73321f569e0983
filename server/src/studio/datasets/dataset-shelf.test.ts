import { cpSync, mkdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { sharedDataset } from '../../../../test/support/built-dataset.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { Home } from '../../home/home.ts';
import { PHOTO_BYTES } from '../../training/dataset/dataset-format.ts';
import { DatasetShelf } from './dataset-shelf.ts';

const flowers = sharedDataset({ LIKE: 4, NOPE: 4 });

it('opens a dataset once for requests that come at once, and closes it for none of them', async () => {
  const home = new Home(temporaryFolder());
  mkdirSync(home.datasets, { recursive: true });
  cpSync(flowers(), home.dataset('flowers'), { recursive: true });
  const shelf = new DatasetShelf(home);
  onTestFinished(() => shelf.close());
  const { id } = (await shelf.list())[0]!;
  const [first, second] = await Promise.all([shelf.open(id), shelf.open(id)]);
  expect(first).toBe(second);
  await first.readPhoto(0, new Uint8Array(PHOTO_BYTES));
  await expect(shelf.open('none')).rejects.toMatchObject({ code: 'studio_unknown' });
  expect(await shelf.open(id)).toBe(first);
});
