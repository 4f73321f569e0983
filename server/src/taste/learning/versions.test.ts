import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { writeActiveModel } from '../../home/active-model.ts';
import { Home } from '../../home/home.ts';
import { publishModel } from '../../registry/model-registry.ts';
import { isVersion, listVersions, nextVersion, pruneVersions, removeUnfinished } from './versions.ts';

const publish = (home: Home, id: string) =>
  publishModel(
    home.models,
    {
      ...{ id, preprocessing: { resize: 'cover', mean: 114.7 }, temperature: 1, metrics: {} },
      provenance: { description: 'made by a test', command: 'npm test' },
    },
    { bytes: new Uint8Array(100), storage: 'float16' },
  );

const idOf = (number: number) => `taste-${String(number).padStart(4, '0')}`;

async function homeWith(count: number): Promise<Home> {
  const home = new Home(temporaryFolder());
  for (let number = 1; number <= count; number += 1) {
    await publish(home, idOf(number));
    await publish(home, `${idOf(number)}-int8`);
  }
  return home;
}

const idsIn = async (home: Home) => (await listVersions(home)).map(({ id }) => id);

describe('versions', () => {
  it.each([
    ['taste-0001', true],
    ['taste-12345', true],
    ['taste-1', false],
    ['taste-0001-int8', false],
    ['my-taste-0001', false],
  ])('%s is one: %s', (id, expected) => {
    expect(isVersion(id)).toBe(expected);
  });

  it('are numbered on, also after the last one was removed', async () => {
    expect(await nextVersion(new Home(temporaryFolder()))).toBe('taste-0001');
    const home = await homeWith(12);
    expect(await nextVersion(home)).toBe('taste-0013');
    await pruneVersions(home);
    expect(await nextVersion(home)).toBe('taste-0013');
  });

  it('leave nothing that a killed process hadn’t finished writing or removing, and no other model is touched', async () => {
    const home = await homeWith(1);
    const left = (name: string) => mkdirSync(join(home.models, name));
    for (const id of ['taste-0002', 'taste-0002-int8', 'mine']) left(`.${id}.${randomUUID()}.draft`);
    left(`.removed-${randomUUID()}`);
    await removeUnfinished(home);
    const mine = expect.stringMatching(/^\.mine\..+\.draft$/);
    expect(readdirSync(home.models).toSorted()).toEqual([mine, 'taste-0001', 'taste-0001-int8']);
    await removeUnfinished(new Home(temporaryFolder()));
  });

  it('older than the last ten are removed with their int8 forms, but neither the active one nor one in use', async () => {
    const home = await homeWith(14);
    await publish(home, 'mine');
    await writeActiveModel(home, idOf(2));
    await pruneVersions(home, [idOf(3)]);
    const kept = [2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map(idOf);
    expect(await idsIn(home)).toEqual(kept);
    expect((await listVersions(home)).filter(({ isActive }) => isActive)).toMatchObject([{ id: idOf(2) }]);
    await pruneVersions(home);
    expect(await idsIn(home)).toEqual(kept.filter((id) => id !== idOf(3)));
    await expect(publish(home, 'mine')).rejects.toThrow(); // it is still there
    await publish(home, `${idOf(1)}-int8`); // and this one isn’t
  });
});
