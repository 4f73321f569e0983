import { type EvaluatedProfile, profileMetrics } from '@swipenet/server/training/evaluation/metrics.ts';
import { describe, expect, it } from 'vitest';
import { type Row, rowOf } from './compare.ts';
import { tasteFigures, tasteTables } from './table.ts';
import type { Outcome } from './try-setting.ts';

/** The outcome of 20 profiles, half of them liked, of which some get the wrong probability. */
function outcome(wrong: number): Outcome {
  const rated = Array.from({ length: 20 }, (_, at) => {
    const label = at % 2 ? ('LIKE' as const) : ('NOPE' as const);
    return { label, like: (label === 'LIKE') !== at < wrong ? 0.9 : 0.1 };
  });
  const profiles = rated.map(({ label, like }): EvaluatedProfile => ({ label, likes: [like] }));
  return { metrics: profileMetrics(profiles, { rule: 'any', threshold: 0.5 }), rated };
}

const runs = (...wrong: (number | undefined)[]) => wrong.map((count) => (count === undefined ? count : outcome(count)));

const SETTING = { size: 80, wrongShare: 0.1 };

const row = (ours: (Outcome | undefined)[], others: (Outcome | undefined)[]): Row =>
  rowOf(SETTING, { ours, head: others, means: others, photos: others });

describe('a row of the comparison', () => {
  it('has the mean of the runs and its standard error', () => {
    const { methods } = row(runs(2, 4, 6), runs(2, 4, 6));
    const { value, error } = methods.ours!.accuracy;
    expect(value).toBeCloseTo(0.8);
    expect(error).toBeCloseTo(0.1 / Math.sqrt(3)); // the deviation of 0.7, 0.8 and 0.9, by hand
    expect(methods.head!.accuracy).toMatchObject({ error: 0, verdict: 'noise' });
  });

  it('compares within runs, so that a small but steady lead counts', () => {
    const { methods } = row(runs(2, 6, 10, 4), runs(4, 8, 12, 5));
    expect(methods.means!.accuracy.verdict).toBe('worse');
    expect(row(runs(4, 8, 12, 5), runs(2, 6, 10, 4)).methods.means!.loss.verdict).toBe('better');
    expect(row(runs(2, 6, 10, 4), runs(4, 4, 12, 2)).methods.means!.accuracy.verdict).toBe('noise');
  });

  it('computes the calibration error of all runs together', () => {
    const { value } = row(runs(0, 4), runs(0, 4)).methods.ours!.ece;
    expect(value).toBeCloseTo(0); // one run is 10% too modest and the other 10% too confident
  });

  it('compares on the runs in which Swipenet learned', () => {
    const { learned, methods } = row(runs(2, undefined, 4), runs(4, 20, 6));
    expect(learned).toBe(2);
    expect(methods.head!.accuracy.value).toBeCloseTo(0.75);
  });

  it('shows the others if Swipenet always refuses', () => {
    const refused = row(runs(undefined, undefined), runs(2, 4));
    expect(refused.methods.ours).toBeUndefined();
    expect(refused.methods.head!.accuracy).toMatchObject({ verdict: 'noise' });
    expect(tasteTables([refused])).toContain('Swipenet (refuses)');
  });
});

describe('the tables', () => {
  const rows = [row(runs(2, undefined, 4), runs(0, 0, 2)), { ...row(runs(0, 0), runs(4, 6)), size: 160 }];

  it('name every figure in which another method is clearly better', () => {
    const text = tasteTables(rows);
    expect(text).toContain('Swipenet (refuses 1 of 3)');
    expect(text).toContain(
      'within noise of it in 6 of 10 figures. Another method is better in:\n  AUC % of 80 profiles',
    );
  });

  it('have all their numbers in JSON', () => {
    const figures = Object.fromEntries(tasteFigures(rows).map(({ key, value }) => [key, value]));
    expect(figures['wrong10.80.refused']).toBe(1);
    expect(figures['wrong10.80.ours.accuracy']).toBeCloseTo(85);
    expect(figures['wrong10.160.head.lossError']).toBeGreaterThan(0);
  });
});
