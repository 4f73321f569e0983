import { describe, expect, it } from 'vitest';
import type { Dataset } from '../training/dataset/dataset.ts';
import type { Part } from '../training/dataset/dataset-format.ts';
import { photosOfDataset } from './quantization-photos.ts';

/** A dataset with this many photos in each split. A photo's first four bytes are its number. */
function datasetOf(counts: Record<Part, number>): Dataset {
  let next = 0;
  const numbers = Object.fromEntries(
    Object.entries(counts).map(([part, count]) => [part, Array.from({ length: count }, () => next++)]),
  );
  const dataset = {
    head: { sha256: { 'photos.jsonl': 'hash' } },
    photos: Array.from({ length: next }, (_, number) => ({ label: number % 2 === 0 ? 'LIKE' : 'NOPE' })),
    numbersOf: (part: Part) => numbers[part],
    readPhoto: async (number: number, into: Uint8Array) => new DataView(into.buffer).setUint32(0, number),
  };
  return dataset as unknown as Dataset;
}

async function chosen(counts: Record<Part, number>, calibration: number) {
  const { calibration: ranges, evaluation } = await photosOfDataset(datasetOf(counts), { calibration });
  const numbers = (photos: typeof ranges) => photos.map(({ levels }) => new DataView(levels.buffer).getUint32(0));
  const labels = evaluation.flatMap(({ label }) => label ?? []);
  return { ranges: numbers(ranges), evaluation: numbers(evaluation), labels };
}

describe('quantization photos from a dataset', () => {
  it('are training photos for the ranges, and test photos, or else validation photos, for the evaluation', async () => {
    const { ranges, evaluation, labels } = await chosen({ training: 300, validation: 150, test: 120 }, 128);
    expect(labels).toHaveLength(120);
    expect(ranges).toHaveLength(128);
    expect(Math.max(...ranges)).toBeLessThan(300);
    expect(evaluation.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => 450 + index));
    const without = await chosen({ training: 300, validation: 150, test: 0 }, 128);
    expect(without.evaluation.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 150 }, (_, index) => 300 + index),
    );
  });

  it('include training photos in the evaluation if it would have too few, so 200 photos are enough for a verdict', async () => {
    const { ranges, evaluation, labels } = await chosen({ training: 170, validation: 30, test: 0 }, 128);
    expect(ranges).toHaveLength(85);
    expect(evaluation).toHaveLength(115);
    expect(labels, 'most of which it has learned').toEqual([]);
    expect(new Set([...ranges, ...evaluation]).size).toBe(200);
  });

  it('are never in both the calibration and the evaluation', async () => {
    for (const training of [1, 2, 3, 50, 500]) {
      const counts = { training, validation: 5, test: 0 };
      const found = await chosen(counts, 128).catch((error) => error.code);
      if (training === 1) expect(found).toBe('path_without_photos');
      else expect(found.ranges.filter((number: number) => found.evaluation.includes(number))).toEqual([]);
    }
  });
});
