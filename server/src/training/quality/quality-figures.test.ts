import { describe, expect, it } from 'vitest';
import { type EvaluatedVariant, figuresTable, manifestFigures, qualityFigures } from './quality-figures.ts';

const wellMade = (group: string, like: number): EvaluatedVariant => ({ label: 'LIKE', like, group, faults: [] });
const degraded = (group: string, like: number, ...names: ('blurred' | 'dark')[]): EvaluatedVariant => ({
  label: 'NOPE',
  like,
  group,
  faults: names.map((name) => ({ name, strength: 1 })),
});

describe('the figures of a quality set', () => {
  const scored = [
    wellMade('people', 0.9),
    wellMade('people', 0.5),
    degraded('people', 0.6, 'blurred'),
    degraded('people', 0.1, 'dark'),
    degraded('people', 0.2, 'dark', 'blurred'),
    wellMade('flowers', 0.3),
    degraded('flowers', 0.4, 'dark'),
  ];
  const figures = qualityFigures(scored, 0.4);

  it('cover each fault, alone and in combination', () => {
    const { blurred, dark, noisy } = figures.groups.people!.faults;
    expect(blurred).toEqual({ alone: { photos: 1, auc: 0.5 }, any: { photos: 2, auc: 0.75 } });
    expect(dark).toEqual({ alone: { photos: 1, auc: 1 }, any: { photos: 2, auc: 1 } });
    expect(noisy).toEqual({ alone: { photos: 0, auc: null }, any: { photos: 0, auc: null } });
  });

  it('cover each group, and all groups together', () => {
    const { testPhotos, peoplePhotos, peopleAuc, flowersAuc, peopleAccuracy } = manifestFigures(figures);
    expect({ testPhotos, peoplePhotos, flowersAuc }).toEqual({ testPhotos: 7, peoplePhotos: 5, flowersAuc: 0 });
    expect([peopleAuc, peopleAccuracy]).toEqual([expect.closeTo(5 / 6), expect.closeTo(4 / 5)]);
  });

  it('form a table with a row per group and a row per fault', () => {
    expect(figuresTable(figures)).toMatch(/\| people \| 5 \| 0\.833 \| 80\.0% \|/);
    expect(figuresTable(figures)).toMatch(/\| dark \| 1\.000 \(1\) \| 0\.000 \(1\) \|/);
  });
});
