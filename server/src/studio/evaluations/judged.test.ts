import { LABELS } from '@swipenet/shared/confidence.ts';
import { readScores, writeScores } from '@swipenet/shared/contract/studio/evaluations.ts';
import { ARTICLE_RULE, type DecisionRule, withThreshold } from '@swipenet/shared/decision.ts';
import { confusionAt } from '@swipenet/shared/ranked-scores.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photoMetrics, profileMetrics } from '../../training/evaluation/metrics.ts';
import { judge } from './judged.ts';

const profileRule: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0.5, perLogCount: 0.2 };

/** Photos of a few profiles, with float32 confidences, as a model gives them. */
const photosOf = fc
  .array(fc.record({ profile: fc.nat(6), like: fc.integer({ min: 1, max: 11 }) }), { maxLength: 30 })
  .map((photos) =>
    photos.map(({ profile, like }, at) => ({
      ...{ number: at + 5, profile, label: LABELS[profile % 2]!, like: Math.fround(like / 12) },
    })),
  );

describe('a judged part of a dataset', () => {
  it('has the figures of the evaluation at every threshold, for photos and for profiles by the rule', () => {
    const threshold = fc.integer({ min: 0, max: 24 }).map((level) => level / 24);
    fc.assert(
      fc.property(photosOf, fc.constantFrom(ARTICLE_RULE, profileRule), threshold, (photos, rule, at) => {
        const { figures, scores } = judge(photos, rule);
        const likesOf = (profile: number) => photos.filter((photo) => photo.profile === profile);
        const profiles = [...new Set(photos.map(({ profile }) => profile))].map((profile) => ({
          ...{ label: LABELS[profile % 2]!, likes: likesOf(profile).map(({ like }) => like) },
        }));
        // A probability that is computed in float64 may round to the threshold.
        fc.pre(scores.profiles.likes.every((like) => Math.abs(like - at) > 1e-6 || rule === ARTICLE_RULE));
        const expected = profileMetrics(profiles, withThreshold(rule, at));
        expect(confusionAt(scores.photos, at)).toEqual(photoMetrics(photos, at).confusion);
        expect(confusionAt(scores.profiles, at)).toEqual(expected.confusion);
        expect(figures.photos).toMatchObject({ auc: photoMetrics(photos, at).auc, ece: photoMetrics(photos, at).ece });
        expect(figures.profiles.count).toBe(expected.count);
        expect(figures.profiles.meanLoss).toBeCloseTo(expected.meanLoss, 5);
      }),
    );
  });

  it('is the same after its scores are written and read', () => {
    fc.assert(
      fc.property(photosOf, (photos) => {
        const { figures, scores } = judge(photos, ARTICLE_RULE);
        const bytes = writeScores(scores);
        expect(readScores(bytes.buffer, figures)).toEqual(scores);
        expect(() => readScores(new ArrayBuffer(bytes.length + 1), figures)).toThrow(RangeError);
      }),
    );
  });
});
