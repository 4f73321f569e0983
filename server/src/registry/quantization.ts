import { fractionSchema } from '@swipenet/shared/fraction.ts';
import * as z from 'zod';

/** How the range of an activation is chosen from what the calibration photos gave. */
export const CALIBRATION_METHODS = ['minmax', 'percentile', 'mse'] as const;

/** See {@link CALIBRATION_METHODS}. */
export type CalibrationMethod = (typeof CALIBRATION_METHODS)[number];

/** Figures of a model beside its parent's, on the same photos; an AUC needs photos of both labels. */
const comparedSchema = z.strictObject({ model: z.number(), parent: z.number() });

/** What an int8 model answers differently from its parent, on photos that did not set its ranges where there were enough. */
const faithfulnessSchema = z.strictObject({
  photos: z.int().min(1),
  /** Of the two LIKE confidences. */
  largestDifference: fractionSchema,
  meanDifference: fractionSchema,
  /** The share of photos whose verdict at the threshold is another one. */
  changedVerdicts: fractionSchema,
  /** Where the photos have labels. */
  accuracy: comparedSchema.optional(),
  auc: comparedSchema.optional(),
  ece: comparedSchema.optional(),
});

/** See {@link faithfulnessSchema}. */
export type Faithfulness = z.infer<typeof faithfulnessSchema>;

/** What an int8 model's manifest says beside everything else. */
export const quantizationSchema = z.strictObject({
  /** The id and the SHA-256 of `model.onnx` of the model that it is the int8 form of. */
  parent: z.string(),
  parentSha256: z.string(),
  calibration: z.strictObject({
    method: z.enum(CALIBRATION_METHODS),
    photos: z.int().min(1),
    /** SHA-256 of the photos' list, in hex. */
    indexSha256: z.string(),
  }),
  faithfulness: faithfulnessSchema,
});

/** See {@link quantizationSchema}. */
export type Quantization = z.infer<typeof quantizationSchema>;

/**
 * What an int8 model may lose and still stand for its parent unasked, and how many photos must have judged it: a verdict
 * of fewer than a hundred would be more than one in a hundred.
 */
export const GATE = { aucLoss: 0.005, changedVerdicts: 0.01, photos: 100 } as const;

/** Says that photos are too few for a verdict on an int8 form; nothing where they are enough. */
export function tooFewToJudge(photos: number): string | undefined {
  return photos < GATE.photos ? `${photos} photos judge it, ${GATE.photos} are the least` : undefined;
}

/** What of a model's faithfulness is beyond {@link GATE}, in words; nothing where it passes. */
export function gateFailures({ photos, auc, changedVerdicts }: Faithfulness): string[] {
  const failures: string[] = [];
  const few = tooFewToJudge(photos);
  if (few) failures.push(few);
  const loss = auc ? auc.parent - auc.model : 0;
  if (loss > GATE.aucLoss) failures.push(`the AUC falls by ${loss.toFixed(4)}, allowed are ${GATE.aucLoss}`);
  if (changedVerdicts > GATE.changedVerdicts) {
    failures.push(`${share(changedVerdicts)} of the verdicts change, allowed are ${share(GATE.changedVerdicts)}`);
  }
  return failures;
}

/** A model's faithfulness at a glance: `0.12 % of 400 verdicts change, AUC 0.9895 (parent 0.9899)`. */
export function faithfulnessWords({ photos, changedVerdicts, auc }: Faithfulness): string {
  const verdicts = `${share(changedVerdicts)} of ${photos} verdicts change`;
  return auc ? `${verdicts}, AUC ${auc.model.toFixed(4)} (parent ${auc.parent.toFixed(4)})` : verdicts;
}

const share = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
