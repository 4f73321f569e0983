import { type Label, labelOf } from '@swipenet/shared/confidence.ts';
import type { ConfidenceFaithfulness, Faithfulness } from '../registry/quantization.ts';
import { photoMetrics } from '../training/evaluation/metrics.ts';
import { FEATURE_COUNT, FEATURE_COUNTS } from '../training/head/feature-model.ts';

/** The LIKE confidences of a model and its parent for one photo. */
export interface ComparedPhoto {
  readonly label?: Label;
  readonly model: number;
  readonly parent: number;
}

/** Compares a model with its parent. Metrics that need labels are only present if every photo has one. */
export function faithfulnessOf(photos: readonly ComparedPhoto[], threshold: number): ConfidenceFaithfulness {
  const differences = photos.map(({ model, parent }) => Math.abs(model - parent));
  const changed = photos.filter(({ model, parent }) => labelOf(model, threshold) !== labelOf(parent, threshold));
  return {
    photos: photos.length,
    largestDifference: differences.reduce((most, difference) => Math.max(most, difference), 0),
    meanDifference: differences.reduce((sum, difference) => sum + difference, 0) / photos.length,
    changedVerdicts: changed.length / photos.length,
    ...comparedMetrics(photos, threshold),
  };
}

function comparedMetrics(photos: readonly ComparedPhoto[], threshold: number): Partial<ConfidenceFaithfulness> {
  const metricsOf = (which: 'model' | 'parent') => {
    const labeled = photos.flatMap((photo) => (photo.label ? [{ label: photo.label, like: photo[which] }] : []));
    return labeled.length === photos.length ? photoMetrics(labeled, threshold) : undefined;
  };
  const [model, parent] = [metricsOf('model'), metricsOf('parent')];
  if (!model || !parent) return {};
  return {
    accuracy: { model: model.accuracy, parent: parent.accuracy },
    ece: { model: model.ece, parent: parent.ece },
    ...(model.auc !== null && parent.auc !== null && { auc: { model: model.auc, parent: parent.auc } }),
  };
}

/**
 * Compares the features of a model and its parent: `[photos, 1856]` each. The error of a module is the mean squared
 * difference of its features, divided by their variance over the photos.
 */
export function featureFaithfulnessOf(model: Float32Array, parent: Float32Array): Faithfulness {
  const photos = parent.length / FEATURE_COUNT;
  const { module5b } = FEATURE_COUNTS;
  const sums = [0, 0].map(() => ({ error: 0, variance: 0 }));
  for (let feature = 0; feature < FEATURE_COUNT; feature += 1) {
    const sum = sums[feature < module5b ? 0 : 1]!;
    let mean = 0;
    for (let at = feature; at < parent.length; at += FEATURE_COUNT) mean += parent[at]! / photos;
    for (let at = feature; at < parent.length; at += FEATURE_COUNT) {
      sum.error += (model[at]! - parent[at]!) ** 2;
      sum.variance += (parent[at]! - mean) ** 2;
    }
  }
  const [on5b, on5a] = sums.map(({ error, variance }) => error / Math.max(variance, Number.MIN_VALUE));
  return { photos, featureError: { '5b': on5b!, '5a': on5a! } };
}
