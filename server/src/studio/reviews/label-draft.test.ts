import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { NO_CHANGES, readDraft, redropped, writeDraft } from './label-draft.ts';

const COUNT = 6;
const photos = Array.from({ length: COUNT }, (_, profile) => {
  return { id: '0'.repeat(16), label: 'LIKE', part: 'training', profile, path: `${profile}.png` } as const;
});
const numbers = fc.array(fc.nat(COUNT - 1));

describe('the photos that a draft drops', () => {
  it('are those before and the new ones, without those to keep, and taking a change back restores them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(COUNT - 1)), numbers, numbers, (before, drop, keep) => {
        const { dropped, changed } = redropped({ photos }, new Set(before), { drop, keep });
        const expected = new Set([...before, ...drop].filter((number) => !keep.includes(number)));
        expect(dropped).toEqual(expected);
        const taken = redropped({ photos }, dropped, { drop: changed.keep, keep: changed.drop });
        expect(taken.dropped).toEqual(new Set(before));
      }),
    );
  });

  it('have to exist', () => {
    expect(() => redropped({ photos }, new Set(), { drop: [0], keep: [COUNT] })).toThrow(`no photo ${COUNT}`);
  });

  it('are kept with the labels, and a draft from before there were any is read', async () => {
    const path = join(temporaryFolder(), 'labels.json');
    await writeDraft(path, { labels: new Map([[2, 'NOPE']]), dropped: new Set([4]) });
    const { revision, ...draft } = await readDraft(path);
    expect(draft).toEqual({ labels: new Map([[2, 'NOPE']]), dropped: new Set([4]) });
    await writeFile(path, '{"LIKE":[],"NOPE":[2]}');
    expect(await readDraft(path)).toMatchObject({ labels: new Map([[2, 'NOPE']]), dropped: new Set() });
    await writeDraft(path, NO_CHANGES);
    expect(await readDraft(path)).toEqual({ ...NO_CHANGES, revision: '' });
    expect(revision).not.toBe('');
  });
});
