import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { decodePhoto } from '../../image/decode.ts';
import type { PlannedFault } from '../../pictures/faults.ts';
import { makeVariant, planVariant } from '../../pictures/photo-variant.ts';
import { finishDataset } from '../dataset/build/finish-dataset.ts';
import { factsOf } from '../dataset/build/photo-facts.ts';
import type { KeptPhoto } from '../dataset/build/selection.ts';
import { ShardWriter } from '../dataset/build/shard-files.ts';
import type { DatasetHead, Part } from '../dataset/dataset-format.ts';
import { inOrder } from '../dataset/in-order.ts';
import type { QualitySource } from './sources.ts';

/** Beside the data set's own files: one line of JSON a photo, in the index's order (see {@link VariantLine}). */
export const VARIANTS_FILE = 'variants.jsonl';

/** What a photo of the set was made of. */
export interface VariantLine {
  readonly source: string;
  readonly group: string;
  readonly faults: readonly PlannedFault[];
}

/** How many pairs (a well-made variant and a spoilt one) a group's part is aimed at, and how many a photo gets of that. */
const PAIRS = { training: 1200, validation: 240, test: 700 } as const;
const PAIRS_A_PHOTO = { least: 3, most: 20 } as const;

/** Pairs that each photo gets so that a group of so many photos comes near the aim. */
export function pairsOf(part: Part, photos: number): number {
  const { least, most } = PAIRS_A_PHOTO;
  return Math.min(most, Math.max(least, Math.round(PAIRS[part] / photos)));
}

/** How a set is built. */
export interface QualitySetOptions {
  /** The folder to make; there must be nothing. */
  readonly out: string;
  readonly seed: number;
  readonly workers: number;
  readonly onProgress?: (phase: 'variants' | 'mean', done: number, total: number) => void;
}

/**
 * Builds a data set whose labels are constructed: LIKE is a photo, lightly cropped; NOPE the same with faults; both saved
 * again alike. Photos come to their parts before anything is made of them. The same sources and seed give the same set.
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
  const made = inOrder([...sources.entries()], workers, ([number, source]) =>
    variantsOf(source, seedOf(seed, number), pairsOf(source.part, sizes.get(`${source.group} ${source.part}`)!.length)),
  );
  let done = 0;
  for await (const variants of made) {
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

/** A photo's variants, decoded as serving decodes them: as many well-made ones as spoilt ones. */
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
