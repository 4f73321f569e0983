import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { RunCommand } from '../../child/run-command.ts';
import { Home } from '../../home/home.ts';
import { ImportDesk } from './import-desk.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const signal = new AbortController().signal;

/** Imports into an empty home folder, whose datasets this command builds. */
function setUp(
  runCommand: RunCommand = async () => ({ code: 2, stdout: '', stderr: 'swipenet: none (option_invalid)' }),
) {
  const home = new Home(temporaryFolder());
  const desk = new ImportDesk({ home, runCommand, date: () => new Date(NOW) });
  const left = () => (existsSync(home.transfers) ? readdirSync(home.transfers) : []);
  const add = (id: string, path: string) =>
    desk.add(id, { label: 'LIKE', path, bytes: 1 }, Uint8Array.of(7)).then(() => path);
  return { home, desk, left, add };
}

describe('an import', () => {
  it('keeps files below the folder of their label, and takes a repeated request', async () => {
    const { home, desk, left, add } = setUp();
    const id = await desk.begin();
    for (const path of ['anna/1.jpg', 'anna/1.jpg', '2.jpg', 'ánna ✓/日本.jpg']) await add(id, path);
    const [folder] = left();
    expect(readdirSync(join(home.transfers, folder!, 'LIKE')).toSorted()).toEqual(['2.jpg', 'anna', 'ánna ✓']);
    expect([...readFileSync(join(home.transfers, folder!, 'LIKE', 'anna', '1.jpg'))]).toEqual([7]);
    await desk.cancel(id);
    await desk.cancel(id);
    expect(left()).toEqual([]);
  });

  it.each([
    ...['../1.jpg', '/etc/1.jpg', 'a//1.jpg', 'a/../../1.jpg', '', '.', '.hidden/1.jpg', 'a\\..\\1.jpg', 'C:1.jpg'],
    ...['a\u0000b', 'con\n1.jpg', `${'a/'.repeat(17)}1.jpg`, `${'ä'.repeat(130)}.jpg`, 'dot.', 'space '],
  ])('refuses a path that could lead elsewhere, or isn’t one on every system: %j', async (path) => {
    const { desk, add } = setUp();
    const id = await desk.begin();
    await expect(add(id, path)).rejects.toMatchObject({ code: 'option_invalid' });
  });

  it.each(['', 'import', '../..', '0f8fad5b-d9cb-469f-a165-70867728950e'])('is unknown under %j', async (id) => {
    const { desk, add } = setUp();
    await expect(add(id, '1.jpg')).rejects.toMatchObject({ code: 'studio_unknown' });
    await expect(desk.build(id, 'mine', signal)).rejects.toMatchObject({ code: 'studio_unknown' });
  });

  it('leaves nothing if no dataset can be built from it, and says why', async () => {
    const stderr = 'reading …\nswipenet: 1 photo is too few (dataset_too_small)\n';
    const { home, desk, left, add } = setUp(async () => ({ code: 2, stdout: '', stderr }));
    const id = await desk.begin();
    await add(id, '1.jpg');
    await expect(desk.build(id, 'mine', signal)).rejects.toMatchObject({ message: '1 photo is too few' });
    expect([left(), existsSync(home.dataset('mine'))]).toEqual([[], false]);
  });

  it('doesn’t replace a dataset', async () => {
    const { home, desk } = setUp();
    mkdirSync(home.dataset('mine'), { recursive: true });
    writeFileSync(join(home.dataset('mine'), 'dataset.json'), '{}');
    const id = await desk.begin();
    await expect(desk.build(id, 'mine', signal)).rejects.toMatchObject({ code: 'dataset_exists' });
    expect(readFileSync(join(home.dataset('mine'), 'dataset.json'), 'utf8')).toBe('{}');
  });

  it('says that the home folder can’t be written', async () => {
    const { home, desk } = setUp();
    writeFileSync(home.transfers, 'not a folder');
    await expect(desk.begin()).rejects.toMatchObject({ code: 'home_unusable', message: /ENOTDIR|EEXIST/ });
  });

  it('is forgotten a day after its page was closed', async () => {
    const { home, desk, left } = setUp();
    const [old, young] = [await desk.begin(), await desk.begin()];
    for (const [id, hours] of [[old, 25] as const, [young, 23] as const]) {
      const seconds = NOW / 1_000 - 3_600 * hours;
      utimesSync(join(home.transfers, `import-${id}`), seconds, seconds);
    }
    await desk.begin();
    expect(left()).toHaveLength(2);
    expect(left()).not.toContain(`import-${old}`);
  });
});
