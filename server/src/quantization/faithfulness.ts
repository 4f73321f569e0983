import { type Label, labelOf } from '@swipenet/shared/confidence.ts';
import type { Faithfulness } from '../registry/quantization.ts';
import { photoMetrics } from '../training/evaluation/metrics.ts';

/** The LIKE confidences of a model and its parent for one photo. */
export interface ComparedPhoto {
  readonly label?: Label;
  readonly model: number;
  readonly parent: number;
}

/** Compares a model with its parent. Metrics that need labels are only present if every photo has one. */
export function faithfulnessOf(photos: readonly ComparedPhoto[], threshold: number): Faithfulness {
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

function comparedMetrics(photos: readonly ComparedPhoto[], threshold: number): Partial<Faithfulness> {
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
