import { setImmediate } from 'node:timers/promises';
import { LABELS } from '@swipenet/shared/confidence.ts';
import * as z from 'zod';
import { type Dataset, readChecked } from './dataset.ts';
import { DATASET_FILES, type DatasetPhoto } from './dataset-format.ts';

const bits = z.int().min(0);

/** One line of `near-across-labels.jsonl`: the paths of two photos that look alike but have different labels. */
const acrossSchema = z.strictObject({ like: z.string(), nope: z.string(), bits });

/** One line of `near-within-labels.jsonl`: the paths of two photos that look alike and have the same label. */
const withinSchema = z.strictObject({ label: z.enum(LABELS), left: z.string(), right: z.string(), bits });

/** The numbers of two photos that look alike, as `look-alikes/seen-photos.ts` defines it. */
export interface NearPhotos {
  /** The photo labeled LIKE if their labels differ, and otherwise the one with the lower number. */
  readonly left: number;
  readonly right: number;
  /** The number of bits of their 64-bit hashes that differ. */
  readonly bits: number;
}

/** How many lines or photos are gone through in a row, so that a server stays responsive. */
const LINES_AT_ONCE = 2_000;

/**
 * Reads which photos of a dataset look alike, in the order of its lists: those with different labels, then those that have
 * had the same label since a revision. Takes time in proportion to the lists. No photo is looked at: the build has compared
 * them all.
 *
 * @throws CommandError `dataset_invalid` if a list is missing or damaged.
 */
export async function readNearPairs(dataset: Dataset): Promise<NearPhotos[]> {
  const across = await linesOf(dataset, DATASET_FILES.nearAcrossLabels);
  const hasWithin = DATASET_FILES.nearWithinLabels in dataset.head.sha256;
  const within = hasWithin ? await linesOf(dataset, DATASET_FILES.nearWithinLabels) : [];
  if (across.length + within.length === 0) return [];
  const numbers = new Map<string, number>();
  for (const [number, { label, path }] of dataset.photos.entries()) {
    if (number % LINES_AT_ONCE === 0) await setImmediate();
    numbers.set(`${label} ${path}`, number);
  }
  const pairs: NearPhotos[] = [];
  // The lists have the right hashes, so they can be parsed and every photo is there.
  for (const line of across) {
    if (pairs.length % LINES_AT_ONCE === 0) await setImmediate();
    const { like, nope, bits } = acrossSchema.parse(JSON.parse(line));
    pairs.push({ left: numbers.get(`LIKE ${like}`)!, right: numbers.get(`NOPE ${nope}`)!, bits });
  }
  for (const line of within) {
    if (pairs.length % LINES_AT_ONCE === 0) await setImmediate();
    const { label, left, right, bits } = withinSchema.parse(JSON.parse(line));
    pairs.push({ left: numbers.get(`${label} ${left}`)!, right: numbers.get(`${label} ${right}`)!, bits });
  }
  return pairs;
}

/** Returns the lines of both lists for pairs of photos that may have got other labels. */
export function nearLinesOf(
  photos: readonly Pick<DatasetPhoto, 'label' | 'path'>[],
  pairs: readonly NearPhotos[],
): { across: z.infer<typeof acrossSchema>[]; within: z.infer<typeof withinSchema>[] } {
  const across: z.infer<typeof acrossSchema>[] = [];
  const within: z.infer<typeof withinSchema>[] = [];
  for (const { left, right, bits } of pairs) {
    const [a, b] = [photos[left]!, photos[right]!];
    if (a.label === b.label) {
      const [lower, higher] = left < right ? [a, b] : [b, a];
      within.push({ label: a.label, left: lower.path, right: higher.path, bits });
    } else {
      const [like, nope] = a.label === 'LIKE' ? [a, b] : [b, a];
      across.push({ like: like.path, nope: nope.path, bits });
    }
  }
  return { across, within };
}

async function linesOf({ folder, head }: Dataset, name: string): Promise<string[]> {
  return (await readChecked(folder, name, head)).toString().split('\n').slice(0, -1);
}
