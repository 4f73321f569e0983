import { type Label, labelOf } from '@swipenet/shared/confidence.ts';
import type { Faithfulness } from '../registry/quantization.ts';
import { photoMetrics } from '../training/evaluation/metrics.ts';

/** A photo, and the LIKE confidences that a model and its parent give it. */
export interface ComparedPhoto {
  readonly label?: Label;
  readonly model: number;
  readonly parent: number;
}

/** Compares a model with its parent; what needs labels is only told where every photo has one. */
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
  const metricsOf = (whose: 'model' | 'parent') => {
    const judged = photos.flatMap((photo) => (photo.label ? [{ label: photo.label, like: photo[whose] }] : []));
    return judged.length === photos.length ? photoMetrics(judged, threshold) : undefined;
  };
  const [model, parent] = [metricsOf('model'), metricsOf('parent')];
  if (!model || !parent) return {};
  return {
    accuracy: { model: model.accuracy, parent: parent.accuracy },
    ece: { model: model.ece, parent: parent.ece },
    ...(model.auc !== null && parent.auc !== null && { auc: { model: model.auc, parent: parent.auc } }),
  };
}
