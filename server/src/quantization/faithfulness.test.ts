import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/random.ts';
import { gateFailures } from '../registry/quantization.ts';
import { FEATURE_COUNT } from '../training/head/feature-model.ts';
import { faithfulnessOf, featureFaithfulnessOf } from './faithfulness.ts';

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

  it('measures the error of features as a share of their variance, for each module', () => {
    const random = seededRandom(4);
    const parent = Float32Array.from({ length: 50 * FEATURE_COUNT }, random);
    // 5b is off by a tenth of a standard deviation, √(1/12), and 5a by a fifth of one.
    const model = parent.map((value, at) => value + (at % FEATURE_COUNT < 1024 ? 0.1 : -0.2) / Math.sqrt(12));
    const faithfulness = featureFaithfulnessOf(model, parent);
    expect(faithfulness).toEqual({
      photos: 50,
      featureError: { '5b': expect.closeTo(0.01, 3), '5a': expect.closeTo(0.04, 2) },
    });
    expect(gateFailures({ ...faithfulness, photos: 100 })).toEqual([
      expect.stringMatching(/^features differ by 4\.\d\d% of their variance/),
    ]);
  });
});
