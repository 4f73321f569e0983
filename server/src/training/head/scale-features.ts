import { FEATURE_COUNT, FEATURE_COUNTS } from './feature-model.ts';
import type { SpareFilters } from './fold-head.ts';
import type { LinearHead } from './logistic.ts';

/** How to normalize features. */
export interface FeatureScale {
  /** Subtracted from each feature: `[1856]`. */
  readonly means: Float64Array;
  /** Multiplied with each feature: `[1856]`. It is 0 for a feature that is left out. */
  readonly factors: Float64Array;
}

/**
 * Centers the features, and scales those of each module so that photos have a mean squared distance of 1 from their
 * mean. The same regularization strength then means the same for both modules, for any number of photos, and for any
 * network.
 *
 * @param rows features, `[n, 1856]`.
 * @param spare filters to leave out.
 */
export function scaleOf(rows: Float64Array, spare: SpareFilters): FeatureScale {
  const count = rows.length / FEATURE_COUNT;
  const means = new Float64Array(FEATURE_COUNT);
  for (let at = 0; at < rows.length; at += 1) means[at % FEATURE_COUNT]! += rows[at]! / count;
  const variances = new Float64Array(FEATURE_COUNT);
  for (let at = 0; at < rows.length; at += 1) {
    variances[at % FEATURE_COUNT]! += (rows[at]! - means[at % FEATURE_COUNT]!) ** 2 / count;
  }
  const factors = new Float64Array(FEATURE_COUNT);
  let begin = 0;
  for (const size of Object.values(FEATURE_COUNTS)) {
    const spread = variances.subarray(begin, begin + size).reduce((sum, variance) => sum + variance, 0);
    factors.fill(spread > 0 ? 1 / Math.sqrt(spread) : 0, begin, begin + size);
    begin += size;
  }
  for (const filter of spare) factors[filter] = 0;
  return { means, factors };
}

/** Scales features, `[n, 1856]`. */
export function scaled({ means, factors }: FeatureScale, rows: Float64Array): Float64Array {
  return rows.map((feature, at) => (feature - means[at % FEATURE_COUNT]!) * factors[at % FEATURE_COUNT]!);
}

/** Converts a head on scaled features to a head on raw features. */
export function unscaled({ means, factors }: FeatureScale, { weights, bias }: LinearHead): LinearHead {
  const own = weights.map((weight, index) => weight * factors[index]!);
  return { weights: own, bias: own.reduce((sum, weight, index) => sum - weight * means[index]!, bias) };
}
