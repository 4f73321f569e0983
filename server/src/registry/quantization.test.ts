import { describe, expect, it } from 'vitest';
import { type ConfidenceFaithfulness, gateFailures } from './quantization.ts';

const faithful: ConfidenceFaithfulness = {
  photos: 400,
  largestDifference: 0.1,
  meanDifference: 0.01,
  changedVerdicts: 0.01,
};

describe('the gate of int8 models', () => {
  it('passes a model at the limits, with or without labels', () => {
    expect(gateFailures(faithful)).toEqual([]);
    expect(gateFailures({ ...faithful, auc: { model: 0.984_95, parent: 0.989_9 } })).toEqual([]);
  });

  it('fails a model that was compared on too few photos', () => {
    expect(gateFailures({ ...faithful, photos: 99 })).toEqual(['compared on only 99 photos (minimum 100)']);
  });

  it('names each limit that is exceeded', () => {
    const auc = { model: 0.98, parent: 0.99 };
    expect(gateFailures({ ...faithful, auc })).toEqual(['the AUC drops by 0.0100 (limit 0.005)']);
    const changedVerdicts = 0.0101;
    expect(gateFailures({ ...faithful, changedVerdicts })).toEqual(['1.01% of verdicts change (limit 1.00%)']);
    expect(gateFailures({ ...faithful, auc, changedVerdicts })).toHaveLength(2);
  });
});
