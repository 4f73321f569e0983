import { describe, expect, it } from 'vitest';
import { curveOf, spanOf } from './curve.ts';

describe('the learning curve', () => {
  const version = (id: string, metrics: Record<string, number> | null) => ({ id, isActive: false, metrics });

  it('has a point per version, by its number of labels, without those that lack the figure', () => {
    const versions = [
      version('taste-0002', { crossValidatedProfiles: 80, crossValidatedAuc: 0.8 }),
      version('taste-0001', { crossValidatedProfiles: 40, crossValidatedAuc: 0.7 }),
      version('taste-0003', null),
      version('taste-0004', { crossValidatedProfiles: 90, crossValidatedLoss: 0.5 }),
    ];
    expect(curveOf(versions, 'crossValidatedAuc')).toEqual([
      { version: 'taste-0001', labels: 40, value: 0.7 },
      { version: 'taste-0002', labels: 80, value: 0.8 },
    ]);
  });

  it('has room around its values, also if all are equal', () => {
    const at = (value: number) => [{ version: 'v', labels: 1, value }];
    const { least, most } = spanOf(at(0.5), 'crossValidatedAuc');
    expect([least, most]).toEqual([0.475, 0.525]);
    expect(spanOf(at(0.01), 'crossValidatedLoss').least).toBe(0);
    expect(spanOf(at(1), 'crossValidatedAuc').most).toBe(1);
    expect(spanOf(at(1), 'crossValidatedLoss').most).toBe(1.025);
  });
});
