import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Dataset } from './dataset.ts';
import { DATASET_FILES } from './dataset-format.ts';

/** One line of `near-across-labels.jsonl`: two photos that look alike but have different labels. */
const nearSchema = z.strictObject({ like: z.string(), nope: z.string(), bits: z.int().min(0) });

/** A pair of photos that look alike under different labels, as lines of the list and as photos' numbers. */
export interface NearAcrossLabels {
  /** The paths of both. */
  readonly paths: z.infer<typeof nearSchema>;
  /** The numbers of both. */
  readonly like: number;
  readonly nope: number;
}

/**
 * Reads which photos of a dataset look alike under different labels, in the order of the list.
 *
 * @throws CommandError `dataset_invalid` if the list is missing or damaged.
 */
export async function readNearAcrossLabels({ folder, head, photos }: Dataset): Promise<NearAcrossLabels[]> {
  const name = DATASET_FILES.nearAcrossLabels;
  const bytes = await readFile(join(folder, name)).catch(() => undefined);
  if (!bytes || sha256(bytes) !== head.sha256[name]) {
    throw new CommandError(
      'dataset_invalid',
      `${folder}: ${name} is missing or doesn’t match its hash in dataset.json`,
    );
  }
  const lines = bytes.toString().split('\n').slice(0, -1);
  if (lines.length === 0) return [];
  const numbers = new Map(photos.map(({ path, label }, number) => [`${label} ${path}`, number]));
  return lines.map((line) => {
    const paths = nearSchema.parse(JSON.parse(line)); // its hash is right, so this can't fail
    return { paths, like: numbers.get(`LIKE ${paths.like}`)!, nope: numbers.get(`NOPE ${paths.nope}`)! };
  });
}
