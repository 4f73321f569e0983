import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import type { PlannedFault } from '../../pictures/faults.ts';
import { makeVariant, planVariant } from '../../pictures/photo-variant.ts';
import { finishDataset } from '../dataset/build/finish-dataset.ts';
import { factsOf } from '../dataset/build/photo-facts.ts';
import type { KeptPhoto } from '../dataset/build/selection.ts';
import { ShardWriter } from '../dataset/build/shard-files.ts';
import type { DatasetHead, Part } from '../dataset/dataset-format.ts';
import { inOrder } from '../dataset/in-order.ts';
import type { QualitySource } from './sources.ts';

/** An additional file in the dataset's folder: one {@link VariantLine} per photo, in the order of the index. */
export const VARIANTS_FILE = 'variants.jsonl';

/** How a photo of the set was made. */
export interface VariantLine {
  readonly source: string;
  readonly group: string;
  readonly faults: readonly PlannedFault[];
}

/**
 * The number of pairs (a well-made variant and a degraded one) to aim for, per split of a group. A source photo gives
 * at least 3 and at most 20 of them.
 */
const PAIRS = { training: 1200, validation: 240, test: 700 } as const;
const PAIRS_PER_PHOTO = { least: 3, most: 20 } as const;

/** Returns how many pairs to make of each photo, so that a group with this many photos comes close to the target. */
export function pairsOf(part: Part, photos: number): number {
  const { least, most } = PAIRS_PER_PHOTO;
  return Math.min(most, Math.max(least, Math.round(PAIRS[part] / photos)));
}

/** How to build a set. */
export interface QualitySetOptions {
  /** The folder to create. Nothing may be there yet. */
  readonly out: string;
  readonly seed: number;
  readonly workers: number;
  readonly onProgress?: (phase: 'variants' | 'mean', done: number, total: number) => void;
}

/**
 * Builds a dataset with constructed labels. LIKE is a photo, lightly cropped. NOPE is the same photo with faults. Both
 * are encoded in the same way. Source photos are split before variants are made of them. The same sources and
 * random seed give the same set.
 */
export async function buildQualitySet(
  sources: readonly QualitySource[],
  { out, seed, workers, onProgress }: QualitySetOptions,
): Promise<DatasetHead> {
  const building = `${out}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  const shards = await ShardWriter.open(building, 0);
  const kept: KeptPhoto[] = [];
  const lines: VariantLine[] = [];
  const parts = new Map<number, Part>();
  const sizes = Map.groupBy(sources, ({ group, part }) => `${group} ${part}`);
  const variantsInOrder = inOrder([...sources.entries()], workers, ([number, source]) =>
    variantsOf(source, seedOf(seed, number), pairsOf(source.part, sizes.get(`${source.group} ${source.part}`)!.length)),
  );
  let done = 0;
  for await (const variants of variantsInOrder) {
    const source = sources[done]!;
    for (const { label, sha256, pixels, faults, number } of variants) {
      const profile = 2 * done + LABELS.indexOf(label);
      parts.set(profile, source.part);
      const name = `${source.name}-${label.toLowerCase()}-${number}`;
      kept.push({ path: name, name: source.name, label, profile, sha256 });
      lines.push({ source: source.name, group: source.group, faults });
      await shards.append(pixels);
    }
    done += 1;
    onProgress?.('variants', done, sources.length);
  }
  await shards.close();
  await writeFile(join(building, VARIANTS_FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const settings = { resize: 'cover', seed, pairs: true, parts } as const;
  const { head } = await finishDataset(building, settings, { kept, nearAcrossLabels: [] }, [], onProgress);
  await rename(building, out);
  return head;
}

/** Makes a photo's variants, as many well-made as degraded ones, and decodes them as serving does. */
async function variantsOf(source: QualitySource, seed: number, pairs: number) {
  const photo = await source.open();
  const random = seededRandom(seed);
  const variants = [];
  for (let number = 0; number < pairs; number += 1) {
    for (const label of LABELS) {
      const { bytes, faults } = await makeVariant(photo, planVariant(random, label === 'NOPE'));
      const pixels = await decodePhoto(bytes, 'cover');
      variants.push({ label, number, faults, pixels, sha256: factsOf(bytes, pixels).sha256 });
    }
  }
  return variants;
}
