import { describe, expect, it } from 'vitest';
import type { Dataset } from '../training/dataset/dataset.ts';
import type { Part } from '../training/dataset/dataset-format.ts';
import { ofDataset } from './quantization-photos.ts';

/** A data set of so many photos in each part; a photo's first level is its number. */
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
  const { calibration: ranges, judging } = await ofDataset(datasetOf(counts), { calibration });
  const numbers = (photos: typeof ranges) => photos.map(({ levels }) => new DataView(levels.buffer).getUint32(0));
  const labels = judging.flatMap(({ label }) => label ?? []);
  return { ranges: numbers(ranges), judging: numbers(judging), labels };
}

describe('photos of a data set that a quantization looks at', () => {
  it('are the training part for the ranges, and the test part to judge, else the validation part', async () => {
    const { ranges, judging, labels } = await chosen({ training: 300, validation: 150, test: 120 }, 128);
    expect(labels).toHaveLength(120);
    expect(ranges).toHaveLength(128);
    expect(Math.max(...ranges)).toBeLessThan(300);
    expect(judging.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => 450 + index));
    const without = await chosen({ training: 300, validation: 150, test: 0 }, 128);
    expect(without.judging.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, index) => 300 + index));
  });

  it('are shared out where too few would judge: a model learnt from 200 photos gets its verdict too', async () => {
    const { ranges, judging, labels } = await chosen({ training: 170, validation: 30, test: 0 }, 128);
    expect(ranges).toHaveLength(85);
    expect(judging).toHaveLength(115);
    expect(labels, 'most of which it learnt').toEqual([]);
    expect(new Set([...ranges, ...judging]).size).toBe(200);
  });

  it('never judge what they set', async () => {
    for (const training of [1, 2, 3, 50, 500]) {
      const counts = { training, validation: 5, test: 0 };
      const found = await chosen(counts, 128).catch((error) => error.code);
      if (training === 1) expect(found).toBe('path_without_photos');
      else expect(found.ranges.filter((number: number) => found.judging.includes(number))).toEqual([]);
    }
  });
});
