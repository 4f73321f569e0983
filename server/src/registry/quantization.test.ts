import { describe, expect, it } from 'vitest';
import { type Faithfulness, gateFailures } from './quantization.ts';

const faithful: Faithfulness = { photos: 400, largestDifference: 0.1, meanDifference: 0.01, changedVerdicts: 0.01 };

describe('the gate of int8 models', () => {
  it('lets one pass that loses as much as is allowed, with labels or without', () => {
    expect(gateFailures(faithful)).toEqual([]);
    expect(gateFailures({ ...faithful, auc: { model: 0.984_95, parent: 0.989_9 } })).toEqual([]);
  });

  it('is not passed on the word of a few photos', () => {
    expect(gateFailures({ ...faithful, photos: 99 })).toEqual(['99 photos judge it, 100 are the least']);
  });

  it('says what is beyond it: the AUC, the verdicts, or both', () => {
    const auc = { model: 0.98, parent: 0.99 };
    expect(gateFailures({ ...faithful, auc })).toEqual(['the AUC falls by 0.0100, allowed are 0.005']);
    const changedVerdicts = 0.0101;
    expect(gateFailures({ ...faithful, changedVerdicts })).toEqual([
      '1.01 % of the verdicts change, allowed are 1.00 %',
    ]);
    expect(gateFailures({ ...faithful, auc, changedVerdicts })).toHaveLength(2);
  });
});
