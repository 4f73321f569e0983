import { fractionSchema } from '@swipenet/shared/fraction.ts';
import * as z from 'zod';

/** How to choose the range of an activation from its values on the calibration photos. */
export const CALIBRATION_METHODS = ['minmax', 'percentile', 'mse'] as const;

export type CalibrationMethod = (typeof CALIBRATION_METHODS)[number];

/** A metric of an int8 model and of its parent on the same photos. An AUC needs photos of both labels. */
const comparedSchema = z.strictObject({ model: z.number(), parent: z.number() });

/** How much the confidences of an int8 model differ from its parent's. */
const confidencesSchema = z.strictObject({
  photos: z.int().min(1),
  /** The largest difference of the two LIKE confidences. */
  largestDifference: fractionSchema,
  meanDifference: fractionSchema,
  /** The fraction of photos whose label at the threshold changes. */
  changedVerdicts: fractionSchema,
  /** The metrics exist only if the photos have labels. */
  accuracy: comparedSchema.optional(),
  auc: comparedSchema.optional(),
  ece: comparedSchema.optional(),
});

export type ConfidenceFaithfulness = z.infer<typeof confidencesSchema>;

/** A number of 0 or more: the mean squared difference of a module's features, as a share of their variance. */
const errorSchema = z.number().min(0);

/** How much the features of an int8 model differ from its parent's. It is for models that have no confidences. */
const featuresSchema = z.strictObject({
  photos: z.int().min(1),
  featureError: z.strictObject({ '5b': errorSchema, '5a': errorSchema }),
});

/**
 * How much an int8 model's results differ from its parent's, on photos that weren't used for calibration if there were
 * enough.
 */
const faithfulnessSchema = z.union([confidencesSchema, featuresSchema]);

export type Faithfulness = z.infer<typeof faithfulnessSchema>;

/** True if features were compared, because the model has no confidences. */
export const comparesFeatures = (faithfulness: Faithfulness): faithfulness is z.infer<typeof featuresSchema> =>
  'featureError' in faithfulness;

/** The part of the manifest that only int8 models have. */
export const quantizationSchema = z.strictObject({
  /** The ID of the parent, and the SHA-256 of its `model.onnx` in hex. */
  parent: z.string(),
  parentSha256: z.string(),
  calibration: z.strictObject({
    method: z.enum(CALIBRATION_METHODS),
    photos: z.int().min(1),
    /** SHA-256 of the list of photos, in hex. */
    indexSha256: z.string(),
  }),
  faithfulness: faithfulnessSchema,
});

export type Quantization = z.infer<typeof quantizationSchema>;

/**
 * The limits within which `auto` uses an int8 model in place of its parent. With fewer than 100 photos, a single
 * changed verdict would exceed 1%.
 */
export const GATE = { aucLoss: 0.005, changedVerdicts: 0.01, featureError: 0.02, photos: 100 } as const;

/** Returns a message if there are too few photos to judge an int8 form, and undefined otherwise. */
export function tooFewToJudge(photos: number): string | undefined {
  return photos < GATE.photos ? `compared on only ${photos} photos (minimum ${GATE.photos})` : undefined;
}

/** Lists the limits of {@link GATE} that a model exceeds. Empty if it passes. */
export function gateFailures(faithfulness: Faithfulness): string[] {
  const few = tooFewToJudge(faithfulness.photos);
  const failures = few ? [few] : [];
  if (comparesFeatures(faithfulness)) {
    const worst = Math.max(...Object.values(faithfulness.featureError));
    if (worst <= GATE.featureError) return failures;
    return [...failures, `features differ by ${share(worst)} of their variance (limit ${share(GATE.featureError)})`];
  }
  const { auc, changedVerdicts } = faithfulness;
  const loss = auc ? auc.parent - auc.model : 0;
  if (loss > GATE.aucLoss) failures.push(`the AUC drops by ${loss.toFixed(4)} (limit ${GATE.aucLoss})`);
  if (changedVerdicts > GATE.changedVerdicts) {
    failures.push(`${share(changedVerdicts)} of verdicts change (limit ${share(GATE.changedVerdicts)})`);
  }
  return failures;
}

/** Formats a model's faithfulness in brief: `0.12% of 400 verdicts change, AUC 0.9895 (parent 0.9899)`. */
export function faithfulnessWords(faithfulness: Faithfulness): string {
  if (comparesFeatures(faithfulness)) {
    const errors = Object.entries(faithfulness.featureError).map(([module, error]) => `${share(error)} (${module})`);
    return `features of ${faithfulness.photos} photos differ by ${errors.join(' and ')} of their variance`;
  }
  const { photos, changedVerdicts, auc } = faithfulness;
  const verdicts = `${share(changedVerdicts)} of ${photos} verdicts change`;
  return auc ? `${verdicts}, AUC ${auc.model.toFixed(4)} (parent ${auc.parent.toFixed(4)})` : verdicts;
}

const share = (fraction: number) => `${(100 * fraction).toFixed(2)}%`;
