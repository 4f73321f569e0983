// An engine's process imports this, so it imports nothing: a killed engine is back the sooner.

/** The two classes, in the order of the model's `confidence` output `[N, 2]`. */
export const LABELS = ['NOPE', 'LIKE'] as const;

/** LIKE or NOPE: what the model says of one photo. */
export type Label = (typeof LABELS)[number];

/** The threshold where neither the request, nor the server, nor the model's manifest names one (the article's 40 %). */
export const DEFAULT_THRESHOLD = 0.4;

/** The label of a photo: LIKE means that its LIKE confidence is at or above the threshold. Both are fractions, 0 to 1. */
export function labelOf(like: number, threshold: number): Label {
  return like >= threshold ? 'LIKE' : 'NOPE';
}

/** The LIKE column of a model's `confidence` output: `[N, 2]` → `[N]`. */
export function likesOf(confidence: Float32Array): Float32Array {
  const column = LABELS.indexOf('LIKE');
  return confidence.filter((_, at) => at % LABELS.length === column);
}

/** The sign of a label's logit in the margin, which is LIKE's logit minus NOPE's. */
export const signInMargin = (label: Label): 1 | -1 => (label === 'LIKE' ? 1 : -1);

/** The margin of each photo: logits `[N, 2]` → `[N]`. */
export function marginsOf(logits: Float32Array): number[] {
  return Array.from({ length: logits.length / LABELS.length }, (_, photo) =>
    LABELS.reduce((sum, label, column) => sum + signInMargin(label) * logits[LABELS.length * photo + column]!, 0),
  );
}

/** A confidence for people: `0.8449` → `84.49 %` (the article's two digits). */
export function formatPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}
