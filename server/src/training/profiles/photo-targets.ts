import { LABELS } from '@swipenet/shared/confidence.ts';
import type { PhotoGroup } from './noisy-or.ts';

/**
 * The most that a photo may weigh for a label. If one profile in ten is liked and profiles have five photos, the only
 * photo of a liked profile would weigh 25, and dominate its batch.
 */
const MOST_WEIGHT = 10;

/**
 * Turns what is known about the photos of labeled profiles into targets for training a network: a row of weights, one
 * for NOPE and one for LIKE. A photo that is partly a LIKE has both. A row's sum is the photo's weight.
 *
 * Every profile weighs 1, and each of its n photos 1/n. Both labels have the same total weight, except that no photo
 * weighs more than 10 for a label. Photos weigh 1 on average, so a learning rate means what it means for photos with
 * labels of their own.
 *
 * @param groups the photos of each profile. Every photo is in one of them.
 * @param likeness `[photos]`: how far each photo is a LIKE, 0 to 1. Both labels must occur.
 * @returns `[photos, 2]`, in the order of `LABELS`.
 */
export function photoTargets(groups: readonly PhotoGroup[], likeness: Float64Array): Float32Array {
  const targets = new Float64Array(LABELS.length * likeness.length);
  for (const { photos } of groups) {
    for (const photo of photos) {
      targets[LABELS.length * photo] = (1 - likeness[photo]!) / photos.length;
      targets[LABELS.length * photo + 1] = likeness[photo]! / photos.length;
    }
  }
  const totals = LABELS.map((_, column) =>
    targets.reduce((sum, weight, at) => (at % LABELS.length === column ? sum + weight : sum), 0),
  );
  const balanced = targets.map((weight, at) => weight / totals[at % LABELS.length]!);
  return Float32Array.from(limited(balanced, likeness.length));
}

/** Scales weights to a total, none of them above the limit. What the largest ones lose goes to all others alike. */
function limited(weights: Float64Array, total: number): Float64Array {
  const atLimit = new Set<number>();
  for (;;) {
    const others = weights.reduce((sum, weight, at) => (atLimit.has(at) ? sum : sum + weight), 0);
    const factor = (total - MOST_WEIGHT * atLimit.size) / others;
    const result = weights.map((weight, at) => (atLimit.has(at) ? MOST_WEIGHT : factor * weight));
    const above = [...result.keys()].filter((at) => result[at]! > MOST_WEIGHT);
    if (above.length === 0) return result;
    for (const at of above) atLimit.add(at);
  }
}

/**
 * Returns a function that picks the targets of photos by their numbers in the dataset: `[N]` → `[N, 2]`.
 *
 * @param numbers the training photos.
 * @param targets `[training photos, 2]`.
 */
export function targetsByNumber(
  numbers: readonly number[],
  targets: Float32Array,
): (picked: readonly number[]) => Float32Array {
  const rows = new Map(numbers.map((number, row) => [number, row]));
  const rowOf = (number: number) => LABELS.length * rows.get(number)!;
  return (picked) =>
    Float32Array.from(picked.flatMap((at) => [...targets.subarray(rowOf(at), rowOf(at) + LABELS.length)]));
}
