import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Writes `count` profiles of each label, with `size` drawn photos each. */
async function profileFolders(count: number, size: number) {
  const root = temporaryFolder();
  await writeLabeledPhotos(root, { LIKE: size * count, NOPE: size * count }, size);
  return { like: join(root, 'like'), nope: join(root, 'nope') };
}

it('turns folders into swipes, learns versions from them, and forgets everything when asked', async () => {
  const home = temporaryFolder();
  const run = async (...parameters: string[]) => {
    const { code, stdout, stderr } = await runSwipenet(['taste', ...parameters], { home }).ended;
    return { code, stdout, stderr };
  };
  const json = async (...parameters: string[]) => JSON.parse((await run(...parameters, '--json')).stdout);
  const [few, more] = [await profileFolders(19, 1), await profileFolders(3, 2)];
  const importFolders = ({ like, nope }: typeof few) =>
    json('import', '--like', like, '--nope', nope, '--device', 'cpu');

  expect(await importFolders(few)).toEqual({ added: 38, replaced: 0, unchanged: 0, leftOut: [] });
  expect(await run('learn')).toMatchObject({ code: 2, stderr: expect.stringMatching(/19 NOPE and 19 LIKE/) });
  expect(await importFolders(few)).toMatchObject({ added: 0, unchanged: 38 });
  expect(await importFolders(more)).toMatchObject({ added: 6 });
  expect((await run('undo')).code).toBe(0);
  const { counts } = await json('status');
  expect(counts).toMatchObject({ likes: expect.any(Number), passes: expect.any(Number), withFeatures: 43 });
  expect(await json('list', '--last', '3')).toHaveLength(3);

  const first = await json('learn');
  expect(first).toMatchObject({ version: 'taste-0001', activated: true, manifest: { headOf: { id: 'base' } } });
  const second = await json('learn'); // from the same swipes, so it is equally good
  expect(second).toMatchObject({ version: 'taste-0002', activated: true });
  const { versions } = await json('status');
  expect(versions.map(({ id, active }: { id: string; active: boolean }) => [id, active])).toEqual([
    ['taste-0001', false],
    ['taste-0002', true],
  ]);
  expect(await json('rollback')).toMatchObject({ active: 'taste-0001' });
  expect(await run('rollback')).toMatchObject({ code: 2, stderr: expect.stringContaining('taste_empty') });

  const scored = await runSwipenet(['score', join(more.like, 'profile-0'), '--json', '--device', 'cpu'], { home })
    .ended;
  expect(JSON.parse(scored.stdout).profiles[0].decision).toMatchObject({ like: expect.any(Number) });
  expect(scored.stdout).toContain('taste-0001-int8'); // auto takes the int8 form on the CPU

  expect((await run('export')).stdout.trimEnd().split('\n')).toHaveLength(43);
  expect(await run('delete')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  const useQuality = () => runSwipenet(['models', 'activate', 'quality'], { home }).ended;
  await useQuality();
  expect(await json('learn')).toMatchObject({ version: 'taste-0003', activated: false }); // a chosen model stays
  expect((await run('activate', 'taste-0003')).stdout).toContain('taste-0003 is now the active model');
  expect(await json('delete', '--yes')).toEqual({ swipes: 43, versions: 3 });
  expect((await runSwipenet(['models', 'list', '--json'], { home }).ended).stdout).not.toContain('taste-');
  expect((await json('status')).counts).toMatchObject({ likes: 0, passes: 0 });
  expect(readFileSync(join(home, 'taste', 'taste.db')).includes(Buffer.from('folders'))).toBe(false);
}, 240_000);
