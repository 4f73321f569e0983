import { describe, expect, it } from 'vitest';
import { faithfulnessOf } from './faithfulness.ts';

describe('faithfulness to a parent', () => {
  it('measures differences in confidence and counts verdicts that change at the threshold', () => {
    const photos = [
      { model: 0.39, parent: 0.4 },
      { model: 0.9, parent: 0.6 },
      { model: 0.1, parent: 0.1 },
      { model: 0.4, parent: 0.41 },
    ];
    const { photos: count, changedVerdicts, largestDifference, meanDifference, auc } = faithfulnessOf(photos, 0.4);
    expect({ count, changedVerdicts, auc }).toEqual({ count: 4, changedVerdicts: 0.25, auc: undefined });
    expect([largestDifference, meanDifference]).toEqual([expect.closeTo(0.3), expect.closeTo(0.08)]);
  });

  it('compares accuracy, AUC and ECE on the same photos if all have labels', () => {
    const photos = [
      { label: 'LIKE', model: 0.8, parent: 0.9 },
      { label: 'LIKE', model: 0.2, parent: 0.7 },
      { label: 'NOPE', model: 0.3, parent: 0.1 },
    ] as const;
    const { auc, accuracy } = faithfulnessOf(photos, 0.4);
    expect(auc).toEqual({ model: 0.5, parent: 1 });
    expect(accuracy).toEqual({ model: expect.closeTo(2 / 3), parent: 1 });
    expect(faithfulnessOf([...photos, { model: 1, parent: 1 }], 0.4).auc).toBeUndefined();
  });
});
