import { LABELS } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auc,
  calibrationError,
  type EvaluatedPhoto,
  photoMetrics,
  profileMetrics,
  reliability,
  rocCurve,
} from './metrics.ts';

/** Confidences from a small set, so that ties are common. */
const photosOf = fc.array(
  fc.record({ label: fc.constantFrom(...LABELS), like: fc.integer({ min: 0, max: 12 }).map((level) => level / 12) }),
  { maxLength: 60 },
);

/** The definition: compares every LIKE with every NOPE. */
function naiveAuc(photos: readonly EvaluatedPhoto[]): number | null {
  const of = (label: string) => photos.filter((photo) => photo.label === label);
  const wins = of('LIKE').flatMap(({ like }) =>
    of('NOPE').map((nope) => (like > nope.like ? 1 : like === nope.like ? 0.5 : 0)),
  );
  return wins.length === 0 ? null : wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
}

/** The definition, bin by bin, with comparisons instead of a division. */
function naiveCalibrationError(photos: readonly EvaluatedPhoto[]): number {
  let error = 0;
  for (let bin = 0; bin < 15; bin += 1) {
    const inside = photos.filter(({ like }) => like * 15 >= bin && (like * 15 < bin + 1 || (bin === 14 && like === 1)));
    const likes = inside.filter(({ label }) => label === 'LIKE').length;
    const sure = inside.reduce((sum, { like }) => sum + like, 0);
    if (inside.length > 0) error += Math.abs(likes - sure) / photos.length;
  }
  return error;
}

/** The definition of the log loss, in nats. */
const naiveLoss = (photos: readonly EvaluatedPhoto[]) =>
  photos.reduce((sum, { label, like }) => sum - Math.log(label === 'LIKE' ? like : 1 - like), 0) / photos.length;

describe('photo metrics', () => {
  it('match their definitions, even with ties', () => {
    fc.assert(
      fc.property(photosOf, fc.constantFrom(0, 0.25, 0.4, 0.5, 1), (photos, threshold) => {
        const metrics = photoMetrics(photos, threshold);
        const naive = naiveAuc(photos);
        if (naive === null) expect(metrics.auc).toBeNull();
        else expect(metrics.auc).toBeCloseTo(naive, 12);
        expect(metrics.ece).toBeCloseTo(photos.length === 0 ? 0 : naiveCalibrationError(photos), 12);
        const right = photos.filter(({ label, like }) => (label === 'LIKE') === like >= threshold).length;
        expect(metrics.accuracy).toBe(photos.length === 0 ? 0 : right / photos.length);
        const { LIKE, NOPE } = metrics.confusion;
        expect(LIKE.LIKE + LIKE.NOPE + NOPE.LIKE + NOPE.NOPE).toBe(photos.length);
        expect(LIKE.NOPE).toBe(photos.filter(({ label, like }) => label === 'LIKE' && like < threshold).length);
      }),
    );
  });

  it('have the expected AUC for a perfect, a random and a reversed ranking', () => {
    const photos = (likes: readonly number[]) =>
      likes.map((like, index) => ({ label: index < 2 ? ('NOPE' as const) : ('LIKE' as const), like }));
    expect(auc(photos([0.1, 0.2, 0.8, 0.9]))).toBe(1);
    expect(auc(photos([0.5, 0.5, 0.5, 0.5]))).toBe(0.5);
    expect(auc(photos([0.8, 0.9, 0.1, 0.2]))).toBe(0);
  });

  it('have a low calibration error if 70% of the photos at confidence 0.7 are LIKE, and a high one otherwise', () => {
    const random = seededRandom(1);
    const photos = Array.from({ length: 20_000 }, () => {
      const like = random();
      return { label: random() < like ? ('LIKE' as const) : ('NOPE' as const), like };
    });
    expect(calibrationError(photos)).toBeLessThan(0.015);
    const tooSure = photos.map(({ label, like }) => ({ label, like: like > 0.5 ? 0.99 : 0.01 }));
    expect(calibrationError(tooSure)).toBeGreaterThan(0.2);
    expect(reliability(photos).reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
  });
});

describe('profile metrics', () => {
  it('follow the rule any: one LIKE photo is right, all NOPE is left, and anything undecided is on hold', () => {
    const metrics = profileMetrics(
      [
        { label: 'LIKE', likes: [0.1, 0.4] },
        { label: 'LIKE', likes: [0.1, 0.39] },
        { label: 'NOPE', likes: [0.1, 0.2] },
        { label: 'NOPE', likes: [0.1, null] },
        { label: 'NOPE', likes: [0.9, null] },
        { label: 'NOPE', likes: [null] },
      ],
      ARTICLE_RULE,
    );
    const surest = [
      { label: 'LIKE', like: 0.4 },
      { label: 'LIKE', like: 0.39 },
      { label: 'NOPE', like: 0.2 },
      { label: 'NOPE', like: 0.1 },
      { label: 'NOPE', like: 0.9 },
    ] as const;
    expect(metrics).toEqual({
      count: 6,
      accuracy: 2 / 6,
      auc: naiveAuc(surest),
      balancedAccuracy: (1 / 2 + 1 / 4) / 2,
      ece: expect.closeTo(naiveCalibrationError(surest), 12),
      meanLoss: expect.closeTo(naiveLoss(surest), 12),
      held: 2,
      confusion: { LIKE: { LIKE: 1, NOPE: 1 }, NOPE: { LIKE: 1, NOPE: 1 } },
    });
  });

  it('follow the rule profile: its probability ranks and is calibrated, and incomplete profiles are left out of both', () => {
    const rule: DecisionRule = { rule: 'profile', threshold: 0.5, largestShare: 0, perLogCount: 0 };
    const metrics = profileMetrics(
      [
        { label: 'LIKE', likes: [0.2, 0.9] },
        { label: 'LIKE', likes: [0.3] },
        { label: 'NOPE', likes: [0.1, 0.95] },
        { label: 'NOPE', likes: [0.9, null] },
      ],
      rule,
    );
    const mean = (...odds: number[]) => {
      const geometric = odds.reduce((product, one) => product * one, 1) ** (1 / odds.length);
      return geometric / (1 + geometric);
    };
    const together = [
      { label: 'LIKE', like: mean(0.25, 9) },
      { label: 'LIKE', like: 0.3 },
      { label: 'NOPE', like: mean(1 / 9, 19) },
    ] as const;
    expect(metrics).toEqual({
      count: 4,
      accuracy: 1 / 4,
      balancedAccuracy: 1 / 4,
      auc: 0.5,
      ece: expect.closeTo(naiveCalibrationError(together), 9),
      meanLoss: expect.closeTo(naiveLoss(together), 9),
      held: 1,
      confusion: { LIKE: { LIKE: 1, NOPE: 1 }, NOPE: { LIKE: 1, NOPE: 0 } },
    });
  });

  it('stay finite for confidences of 0 and 1, and have no balanced accuracy without both labels', () => {
    const certain = profileMetrics([{ label: 'LIKE', likes: [0] }], ARTICLE_RULE);
    expect(certain).toMatchObject({ balancedAccuracy: null, auc: null, meanLoss: expect.closeTo(20, 6) });
    expect(profileMetrics([], ARTICLE_RULE)).toMatchObject({ count: 0, accuracy: 0, ece: 0, meanLoss: 0 });
  });
});

describe('the ROC curve', () => {
  it('has the area that is the AUC, by trapezoids', () => {
    fc.assert(
      fc.property(photosOf, (photos) => {
        const curve = rocCurve(photos, Number.POSITIVE_INFINITY);
        const area = curve.slice(1).reduce((sum, { likesFound, nopesLiked }, at) => {
          const before = curve[at]!;
          return sum + ((nopesLiked - before.nopesLiked) * (likesFound + before.likesFound)) / 2;
        }, 0);
        const expected = auc(photos);
        if (expected === null) expect(curve).toEqual([]);
        else expect(area).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('has few points, and strays no farther than it may', () => {
    const random = seededRandom(3);
    const photos = Array.from({ length: 5_000 }, () => {
      const like = random();
      return { label: random() < like ? ('LIKE' as const) : ('NOPE' as const), like };
    });
    const few = rocCurve(photos, 50);
    expect(few.length).toBeLessThan(105);
    const whole = rocCurve(photos, Number.POSITIVE_INFINITY);
    for (const { likesFound, nopesLiked } of whole) {
      const near = few.some(
        (point) => Math.max(Math.abs(point.likesFound - likesFound), Math.abs(point.nopesLiked - nopesLiked)) <= 1 / 50,
      );
      expect(near).toBe(true);
    }
  });
});
