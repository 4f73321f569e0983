import { describe, expect, it } from 'vitest';
import { accuracyOf } from './score-batch.ts';

/** Three photos: the network takes the first for a NOPE, the second for a LIKE, and can't tell for the third. */
const logits = Float32Array.of(2, 1, -1, 3, 0.5, 0.5);

describe('the accuracy of a batch', () => {
  it('is the share of correct photos if each has one label', () => {
    expect(accuracyOf(logits, Float32Array.of(1, 0, 1, 0, 1, 0), 2)).toBe(1 / 3);
    expect(accuracyOf(logits, Float32Array.of(1, 0, 0, 1, 0, 1), 2)).toBe(2 / 3);
  });

  it('counts photos by their weight, and a photo that is partly a LIKE in part', () => {
    expect(accuracyOf(logits, Float32Array.of(3, 1, 0, 0.5, 0.25, 0.25), 2)).toBe(3.5 / 5);
  });
});
