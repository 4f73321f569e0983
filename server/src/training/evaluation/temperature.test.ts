import { LABELS } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prediction } from '../run/folder/run-files.ts';
import { calibrationError } from './metrics.ts';
import { confidenceOf, fitTemperature, type MarginPhoto, meanLoss } from './temperature.ts';
import { THRESHOLDS, thresholdTable } from './threshold-table.ts';

/** Predictions of a model that is overconfident by `factor`. */
function overconfident(count: number, factor: number, seed = 1): Prediction[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const margin = (random() - 0.5) * 8;
    const label = random() < confidenceOf(margin) ? 'LIKE' : 'NOPE';
    return { id: String(index), profile: Math.floor(index / 3), label, margin: margin * factor };
  });
}

const photosOf = fc.array(
  fc.record({ label: fc.constantFrom(...LABELS), margin: fc.double({ min: -30, max: 30, noNaN: true }) }),
  { minLength: 1, maxLength: 40 },
);

describe('the fitted temperature', () => {
  it('is the factor by which a model is overconfident or underconfident', () => {
    for (const factor of [0.5, 1, 3]) {
      const { temperature, reason } = fitTemperature(overconfident(30_000, factor));
      expect(reason).toBe('fitted');
      expect(Math.abs(temperature / factor - 1)).toBeLessThan(0.04);
    }
  });

  it('removes the calibration error and keeps the ranking', () => {
    const photos = overconfident(20_000, 4);
    const { temperature, lossBefore, lossAfter } = fitTemperature(photos);
    const scored = (at: number) => photos.map(({ label, margin }) => ({ label, like: confidenceOf(margin, at) }));
    expect(calibrationError(scored(1))).toBeGreaterThan(0.1);
    expect(calibrationError(scored(temperature))).toBeLessThan(0.015);
    expect(lossAfter).toBeLessThan(lossBefore);
  });

  it('has the lowest loss of all temperatures on a fine grid', () => {
    fc.assert(
      fc.property(photosOf, (photos) => {
        const { temperature, reason, lossAfter } = fitTemperature(photos);
        expect(lossAfter).toBeCloseTo(meanLoss(photos, temperature), 12);
        if (reason !== 'fitted') return;
        for (let power = -45; power <= 45; power += 1) {
          expect(meanLoss(photos, 10 ** (power / 25))).toBeGreaterThanOrEqual(lossAfter - 1e-9);
        }
      }),
    );
  });

  it.each<[string, MarginPhoto[], string]>([
    [
      'all photos are on the correct side',
      [
        { label: 'LIKE', margin: 2 },
        { label: 'NOPE', margin: -1 },
      ],
      'separable',
    ],
    [
      'all photos are on the wrong side',
      [
        { label: 'LIKE', margin: -2 },
        { label: 'NOPE', margin: 1 },
      ],
      'uninformative',
    ],
    ['there are no photos', [], 'uninformative'],
  ])('is 1 if %s', (_name, photos, reason) => {
    expect(fitTemperature(photos)).toMatchObject({ temperature: 1, reason });
  });

  it('never overflows in the loss', () => {
    expect(meanLoss([{ label: 'LIKE', margin: -5000 }])).toBe(5000);
    expect(meanLoss([{ label: 'LIKE', margin: 0 }])).toBeCloseTo(Math.LN2, 12);
  });
});

describe('the threshold table', () => {
  const photos = overconfident(3000, 3);
  const table = thresholdTable(photos, 3, ARTICLE_RULE);

  it('counts photos by confidence, and profiles by their most confident photo', () => {
    for (const [rows, temperature] of [
      [table.before, 1],
      [table.after, 3],
    ] as const) {
      for (const { threshold, photos: figures, profiles } of rows) {
        const liked = photos.filter(({ margin }) => confidenceOf(margin, temperature) >= threshold);
        expect(figures.liked).toBe(liked.length / photos.length);
        const right = new Set(liked.map(({ profile }) => profile));
        expect(profiles.liked).toBe(right.size / 1000);
        expect(profiles.likesFound).toBeGreaterThanOrEqual(figures.likesFound);
      }
    }
    expect(table.before.map(({ threshold }) => threshold)).toEqual([...THRESHOLDS]);
  });

  it('decides profiles by the model’s rule at each threshold', () => {
    const rule = { rule: 'profile', threshold: 0.3, largestShare: 0, perLogCount: 0 } as const;
    const { before } = thresholdTable(photos, 3, rule);
    const margins = [...Map.groupBy(photos, ({ profile }) => profile).values()].map(
      (some) => some.reduce((sum, { margin }) => sum + margin, 0) / some.length,
    );
    for (const { threshold, photos: figures, profiles } of before) {
      expect(profiles.liked).toBe(margins.filter((mean) => confidenceOf(mean) >= threshold).length / 1000);
      expect(figures).toEqual(table.before.find((row) => row.threshold === threshold)!.photos);
    }
  });

  it('converts the 40% threshold across the temperature without changing a verdict', () => {
    const { beforeBecomes, afterWas } = table.article;
    const liked = (temperature: number, threshold: number) =>
      photos.filter(({ margin }) => confidenceOf(margin, temperature) >= threshold).length;
    expect(liked(3, beforeBecomes)).toBe(liked(1, 0.4));
    expect(liked(1, afterWas)).toBe(liked(3, 0.4));
    expect(afterWas).toBeLessThan(0.4);
  });
});
