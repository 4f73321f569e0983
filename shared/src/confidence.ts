import * as z from 'zod/mini';

/** The two classes, in the order of the model's `confidence` output `[N, 2]`. */
export const LABELS = ['NOPE', 'LIKE'] as const;

/** LIKE or NOPE: what the model says of one photo. */
export type Label = (typeof LABELS)[number];

/** The threshold where neither the request, nor the server, nor the model's manifest names one (the article's 40 %). */
export const DEFAULT_THRESHOLD = 0.4;

/** A confidence or a threshold: a number from 0 to 1, both included. */
export const fractionSchema = z.number().check(z.gte(0), z.lte(1));

/** The label of a photo: LIKE means that its LIKE confidence is at or above the threshold. Both are fractions, 0 to 1. */
export function labelOf(like: number, threshold: number): Label {
  return like >= threshold ? 'LIKE' : 'NOPE';
}

/** A confidence for people: `0.8449` → `84.49 %` (the article's two digits). */
export function formatPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}
