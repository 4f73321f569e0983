import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideBatch } from './divide-batch.ts';

describe('dividing a batch among lanes', () => {
  it.each([
    // batch, threads, photos per part, threads per lane, parts per lane
    [32, 1, 4, 1, [8]],
    [32, 2, 4, 1, [4, 4]],
    [30, 2, 4, 1, [4, 4]],
    [32, 6, 3, 1, [2, 2, 2, 2, 2, 1]],
    [32, 16, 4, 2, [1, 1, 1, 1, 1, 1, 1, 1]],
    [32, 12, 3, 2, [2, 2, 2, 2, 2, 1]],
    [2, 2, 2, 2, [1]],
    [1, 4, 1, 4, [1]],
  ])('gives %i photos to %i threads evenly', (batchSize, threads, partSize, threadsPerLane, parts) => {
    const division = divideBatch(batchSize, threads);
    expect(division).toMatchObject({ partSize, threadsPerLane });
    expect(division.lanes.map(({ length }) => length)).toEqual(parts);
  });

  it('gives each photo to one lane, has no lane without photos, and never needs more threads than there are', () => {
    const sizes = { batchSize: fc.integer({ min: 1, max: 300 }), threads: fc.integer({ min: 1, max: 130 }) };
    void fc.assert(
      fc.property(sizes.batchSize, sizes.threads, (batchSize, threads) => {
        const { partSize, threadsPerLane, lanes } = divideBatch(batchSize, threads);
        const photos = lanes.flat().flatMap((first) => {
          return Array.from({ length: Math.min(partSize, batchSize - first) }, (_, index) => first + index);
        });
        expect(photos.toSorted((one, other) => one - other)).toEqual(Array.from({ length: batchSize }, (_, at) => at));
        expect(Math.min(...lanes.map(({ length }) => length))).toBeGreaterThan(0);
        expect(lanes.length * threadsPerLane).toBeLessThanOrEqual(threads);
        expect(partSize).toBeLessThanOrEqual(4);
      }),
    );
  });
});
