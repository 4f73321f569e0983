// Engine processes import this file. It imports nothing, so that a killed engine restarts quickly.

/** The two classes, in the order of the model's `confidence` output `[N, 2]`. */
export const LABELS = ['NOPE', 'LIKE'] as const;

export type Label = (typeof LABELS)[number];

/** The threshold to use if the request, the server and the model's manifest don't set one (40% in the article). */
export const DEFAULT_THRESHOLD = 0.4;

/** Labels a photo LIKE if its LIKE confidence is at or above the threshold. Both are fractions from 0 to 1. */
export function labelOf(like: number, threshold: number): Label {
  return like >= threshold ? 'LIKE' : 'NOPE';
}

/** Returns the LIKE column of a model's `confidence` output: `[N, 2]` → `[N]`. */
export function likesOf(confidence: Float32Array): Float32Array {
  const column = LABELS.indexOf('LIKE');
  return confidence.filter((_, at) => at % LABELS.length === column);
}

/** The sign of a label's logit in the margin, which is the LIKE logit minus the NOPE logit. */
export const signInMargin = (label: Label): 1 | -1 => (label === 'LIKE' ? 1 : -1);

/** Returns the margin of each photo: logits `[N, 2]` → `[N]`. */
export function marginsOf(logits: Float32Array): number[] {
  return Array.from({ length: logits.length / LABELS.length }, (_, photo) =>
    LABELS.reduce((sum, label, column) => sum + signInMargin(label) * logits[LABELS.length * photo + column]!, 0),
  );
}

/** Formats a fraction as a percentage with two decimals, as in the article: `0.8449` becomes `84.49%`. */
export function formatPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

/** Returns a share of a few cases in whole percent, rounded down, so that it never seems to reach a bound. */
export function wholePercentOf(share: number): number {
  return Math.floor(100 * share + 1e-9); // 0.29 · 100 is 28.999…
}

/** Formats a share of a few cases without decimals: `61%`. */
export function formatWholePercent(share: number): string {
  return `${wholePercentOf(share)}%`;
}
