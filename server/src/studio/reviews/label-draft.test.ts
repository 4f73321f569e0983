import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairKey, type TwoPhotos } from '@swipenet/shared/contract/studio/photos.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { hasChanges, keptPairsInVersion, NO_CHANGES, readDraft, redropped, writeDraft } from './label-draft.ts';

const COUNT = 6;
const photos = Array.from({ length: COUNT }, (_, profile) => {
  return { id: '0'.repeat(16), label: 'LIKE', part: 'training', profile, path: `${profile}.png` } as const;
});
const numbers = fc.array(fc.nat(COUNT - 1));
const twoPhotos = fc
  .uniqueArray(fc.nat(COUNT - 1), { minLength: 2, maxLength: 2 })
  .map((two) => two.toSorted() as TwoPhotos);
const pairs = fc.array(twoPhotos);
const keysOf = (some: readonly TwoPhotos[]) => new Set(some.map(pairKey));
const NO_DROPS = { drop: [], keep: [], keepPairs: [], reopenPairs: [] };

describe('what a draft drops and keeps', () => {
  it('is that before and the new, without what is kept or reopened, and taking a change back restores it', () => {
    const drops = fc.record({ drop: numbers, keep: numbers, keepPairs: pairs, reopenPairs: pairs });
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(COUNT - 1)), pairs, drops, (before, kept, drops) => {
        const { changed, ...after } = redropped(
          { photos },
          { dropped: new Set(before), keptPairs: keysOf(kept) },
          drops,
        );
        const reopened = keysOf(drops.reopenPairs);
        expect(after).toEqual({
          dropped: new Set([...before, ...drops.drop].filter((number) => !drops.keep.includes(number))),
          keptPairs: new Set([...keysOf([...kept, ...drops.keepPairs])].filter((key) => !reopened.has(key))),
        });
        const { drop, keep, keepPairs, reopenPairs } = changed;
        const back = { drop: keep, keep: drop, keepPairs: reopenPairs, reopenPairs: keepPairs };
        const taken = redropped({ photos }, after, back);
        expect([taken.dropped, taken.keptPairs]).toEqual([new Set(before), keysOf(kept)]);
        expect(taken.changed).toEqual(back);
      }),
    );
  });

  it.each([
    { drop: [0], keep: [COUNT] },
    { keepPairs: [[0, COUNT] as TwoPhotos] },
    { reopenPairs: [[1, COUNT] as TwoPhotos] },
  ])('has to exist: %j', (drops) => {
    expect(() => redropped({ photos }, NO_CHANGES, { ...NO_DROPS, ...drops })).toThrow(`no photo ${COUNT}`);
  });

  it('keeps a pair in the next version under the new numbers, unless one of its photos is gone', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(COUNT - 1)), pairs, (gone, kept) => {
        const dropped = new Set(gone);
        const names = photos.filter((_, number) => !dropped.has(number)).map(({ path }) => path);
        const made = keptPairsInVersion({ photos }, { ...NO_CHANGES, dropped, keptPairs: keysOf(kept) });
        const expected = kept
          .filter((pair) => !pair.some((number) => dropped.has(number)))
          .map(([lower, higher]) => pairKey([names.indexOf(photos[lower]!.path), names.indexOf(photos[higher]!.path)]));
        expect(made).toEqual(new Set(expected));
      }),
    );
  });
});

describe('the file of a draft', () => {
  const draft = { labels: new Map([[2, 'NOPE']] as const), dropped: new Set([4]), keptPairs: keysOf([[0, 3]]) };

  it('has labels, dropped photos and kept pairs, and is gone without any', async () => {
    const path = join(temporaryFolder(), 'labels.json');
    await writeDraft(path, draft);
    const { revision, ...read } = await readDraft(path);
    expect(read).toEqual(draft);
    expect(revision).not.toBe('');
    await writeDraft(path, NO_CHANGES);
    expect(await readDraft(path)).toEqual({ ...NO_CHANGES, revision: '' });
  });

  it('keeps pairs that change nothing', async () => {
    const path = join(temporaryFolder(), 'labels.json');
    const { keptPairs } = draft;
    await writeDraft(path, { ...NO_CHANGES, keptPairs });
    const read = await readDraft(path);
    expect(read).toMatchObject({ keptPairs });
    expect(hasChanges(read)).toBe(false);
  });

  it.each([
    ['photos could be dropped', '{"LIKE":[],"NOPE":[2]}', []],
    ['pairs could be kept', '{"LIKE":[],"NOPE":[2],"dropped":[4]}', [4]],
  ])('is read if it is from before %s', async (_, text, dropped) => {
    const path = join(temporaryFolder(), 'labels.json');
    await writeFile(path, text);
    const { labels } = draft;
    expect(await readDraft(path)).toMatchObject({ labels, dropped: new Set(dropped), keptPairs: new Set() });
  });

  it.each(['[[3]]', '[[3,0]]', '[[3,3]]', '[[-1,3]]', '["0 3"]', '7'])(
    'is damaged by the kept pairs %s',
    async (pairs) => {
      const path = join(temporaryFolder(), 'labels.json');
      await writeFile(path, `{"LIKE":[],"NOPE":[],"dropped":[],"keptPairs":${pairs}}`);
      await expect(readDraft(path)).rejects.toMatchObject({ code: 'home_unusable' });
    },
  );
});
