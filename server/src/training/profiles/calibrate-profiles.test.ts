import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { calibrateProfiles, crossFittedLoss, profileLogit, type ScoredProfile } from './calibrate-profiles.ts';

/** Profiles whose labels follow known slopes on the largest and the mean margin. */
function profiles(count: number, seed: number, slopes: { largest: number; mean: number; bias: number }) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (): ScoredProfile => {
    const margins = Array.from({ length: 1 + Math.floor(6 * random()) }, () => 6 * random() - 3);
    const mean = margins.reduce((sum, margin) => sum + margin, 0) / margins.length;
    const logit = slopes.largest * Math.max(...margins) + slopes.mean * mean + slopes.bias;
    return { label: random() < 1 / (1 + Math.exp(-logit)) ? 'LIKE' : 'NOPE', margins };
  });
}

/** The oracle: plain gradient descent on the documented loss, without standardizing in closed form or Newton steps. */
function descended(all: readonly ScoredProfile[]): number[] {
  const inputs = all.map(({ margins }) => [
    Math.max(...margins),
    margins.reduce((sum, margin) => sum + margin, 0) / margins.length,
    Math.log(margins.length),
  ]);
  const likes = all.filter(({ label }) => label === 'LIKE').length;
  const targets = all.map(({ label }) => (label === 'LIKE' ? (likes + 1) / (likes + 2) : 1 / (all.length - likes + 2)));
  const average = (of: (row: number[]) => number) => inputs.reduce((sum, row) => sum + of(row), 0) / all.length;
  const centers = [0, 1, 2].map((at) => average((row) => row[at]!));
  const spreads = [0, 1, 2].map((at) => Math.sqrt(average((row) => (row[at]! - centers[at]!) ** 2)));
  const slopes = [0, 0, 0];
  let bias = 0;
  for (let step = 0; step < 60_000; step += 1) {
    const gradient = slopes.map((slope) => 1e-3 * slope);
    let ofBias = 0;
    for (const [index, row] of inputs.entries()) {
      const x = row.map((value, at) => (value - centers[at]!) / spreads[at]!);
      const logit = x.reduce((sum, value, at) => sum + slopes[at]! * value, bias);
      const miss = (1 / (1 + Math.exp(-logit)) - targets[index]!) / all.length;
      for (const [at, value] of x.entries()) gradient[at]! += miss * value;
      ofBias += miss;
    }
    for (const [at, part] of gradient.entries()) slopes[at]! -= 1.5 * part;
    bias -= 1.5 * ofBias;
  }
  const raw = slopes.map((slope, at) => slope / spreads[at]!);
  return [...raw, bias - raw.reduce((sum, slope, at) => sum + slope * centers[at]!, 0)];
}

describe('the calibration of profiles', () => {
  it('agrees with plain gradient descent on the same loss', () => {
    const all = profiles(60, 5, { largest: 1, mean: 0.6, bias: -0.8 });
    const { largest, mean, perLogCount, bias } = calibrateProfiles(all);
    const expected = descended(all);
    for (const [index, found] of [largest, mean, perLogCount, bias].entries()) {
      expect(found).toBeCloseTo(expected[index]!, 4);
    }
  });

  it('finds the slopes that made the labels, given many profiles', () => {
    const found = calibrateProfiles(profiles(20_000, 1, { largest: 0.9, mean: 0.5, bias: -1 }));
    expect(Math.abs(found.largest - 0.9)).toBeLessThan(0.1);
    expect(Math.abs(found.mean - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(found.bias + 1)).toBeLessThan(0.1);
  });

  it('gives probabilities that follow the like rate, however rare likes are', () => {
    const all = profiles(4000, 2, { largest: 0.8, mean: 0.3, bias: -4 });
    const calibration = calibrateProfiles(all);
    const expected = all.reduce((sum, { margins }) => sum + 1 / (1 + Math.exp(-profileLogit(calibration, margins))), 0);
    const likes = all.filter(({ label }) => label === 'LIKE').length;
    expect(likes / all.length).toBeLessThan(0.2);
    expect(Math.abs(expected / likes - 1)).toBeLessThan(0.02);
  });

  it('never lowers a probability for a higher margin, even if the labels contradict the margins', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const slopes of [
        { largest: -1, mean: 0.5, bias: 0 },
        { largest: 0.5, mean: -1, bias: 0 },
        { largest: -1, mean: -1, bias: 0 },
      ]) {
        const { largest, mean } = calibrateProfiles(profiles(80, seed, slopes));
        expect(largest).toBeGreaterThanOrEqual(0);
        expect(mean).toBeGreaterThanOrEqual(0);
        expect(largest + mean).toBeGreaterThan(0);
      }
    }
  });

  it.each([1, 2, 3, 5, 9])('ignores the number of photos if all profiles have %i', (size) => {
    const random = seededRandom(4);
    const all = Array.from({ length: 90 }, (_, index): ScoredProfile => {
      return {
        label: index % 2 ? 'LIKE' : 'NOPE',
        margins: Array.from({ length: size }, () => random() + (index % 2)),
      };
    });
    expect(calibrateProfiles(all).perLogCount).toBe(0);
  });

  it('stays finite if the margins separate the labels', () => {
    const separable = [-3, -2, -1, 1, 2, 3].map((margin) => {
      return { label: margin > 0 ? ('LIKE' as const) : ('NOPE' as const), margins: [margin] };
    });
    for (const value of Object.values(calibrateProfiles(separable))) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('the loss across folds', () => {
  it('is higher than the loss of a calibration on its own profiles, and near that of a coin without information', () => {
    const all = profiles(200, 7, { largest: 0, mean: 0, bias: 0 });
    const folds = all.map((_, index) => index % 5);
    expect(crossFittedLoss(all, folds)).toBeGreaterThan(0.67);
    const informed = profiles(200, 7, { largest: 2, mean: 0, bias: -2 });
    expect(crossFittedLoss(informed, folds)).toBeLessThan(0.6);
  });
});
