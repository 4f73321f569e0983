// @module-tag slow
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formulaPixels } from '../../../../test/support/photos.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { openDataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { buildQualitySet, pairsOf, VARIANTS_FILE, type VariantLine } from './build-quality-set.ts';

const sources = (['training', 'validation', 'test'] satisfies Part[]).map((part, number) => ({
  name: `people/${part}`,
  group: 'people',
  part,
  open: async () => ({ width: 64, height: 80, pixels: formulaPixels(64, 80).map((level) => level ^ (number * 9)) }),
}));

const build = async (out: string, from = sources) => await buildQualitySet(from, { out, seed: 5, workers: 2 });

describe('a set with constructed labels', () => {
  it('is a dataset with as many well-made as degraded photos, and keeps each source photo in its assigned split', async () => {
    const out = join(temporaryFolder(), 'set');
    const head = await build(out);
    await using dataset = await openDataset(out);
    for (const part of ['training', 'validation', 'test'] as const) {
      const { LIKE, NOPE } = head.parts[part];
      expect([LIKE.photos, NOPE.photos]).toEqual([pairsOf(part, 1), pairsOf(part, 1)]);
      for (const number of dataset.numbersOf(part)) expect(dataset.photos[number]!.path).toContain(`people/${part}`);
    }
    const lines = readFileSync(join(out, VARIANTS_FILE), 'utf8').trimEnd().split('\n');
    for (const [number, line] of lines.entries()) {
      const { faults }: VariantLine = JSON.parse(line);
      expect(faults.length > 0).toBe(dataset.photos[number]!.label === 'NOPE');
    }
  });

  it('is the same for the same photos and random seed', async () => {
    const root = temporaryFolder();
    const one = sources.slice(0, 1);
    expect((await build(join(root, 'a'), one)).sha256).toEqual((await build(join(root, 'b'), one)).sha256);
  });
});
