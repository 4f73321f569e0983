import type { Judgement } from '../store/pending-scores.ts';

/** A person's first swipes are all worth asking for, whatever the network thinks. */
const FIRST_PROFILES = 40;

/** How many recent profiles say what is near the threshold. */
export const RECENT_PROFILES = 200;

/** The share of profiles that are near the threshold. */
const SHARE = 0.1;

/**
 * Returns whether the person's own swipe would teach a lot. That is so for the first profiles, and then for those nearest
 * the threshold (arXiv 2202.02794). About one profile in ten is: the ones that are nearer to it than nine in ten of the
 * recent profiles.
 *
 * @param swipes how many swipes the taste has.
 * @param recent what recent profiles were decided by.
 */
export function isWorthAsking(
  swipes: number,
  { probability, threshold }: { readonly probability: number | null; readonly threshold: number },
  recent: readonly Pick<Judgement, 'probability' | 'threshold'>[],
): boolean {
  if (swipes < FIRST_PROFILES) return true;
  if (probability === null || recent.length === 0) return false;
  const distances = recent.map((one) => distance(one.probability, one.threshold)).toSorted((one, other) => one - other);
  return distance(probability, threshold) < distances[Math.floor(SHARE * distances.length)]!;
}

/** The distance in logits, because confidences crowd near 0 and 1. */
const distance = (probability: number, threshold: number) => Math.abs(logit(probability) - logit(threshold));

const logit = (fraction: number) => {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, fraction));
  return Math.log(inside / (1 - inside));
};
