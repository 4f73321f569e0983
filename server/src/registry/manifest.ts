import { LABELS } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type DecisionRule, withThreshold } from '@swipenet/shared/decision.ts';
import { decisionRuleSchema } from '@swipenet/shared/decision-schemas.ts';
import { fractionSchema } from '@swipenet/shared/fraction.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { modelIdSchema } from '../home/model-id.ts';
import { quantizationSchema } from './quantization.ts';

export { modelIdSchema };

const servedClassesSchema = z.tuple([z.literal(LABELS[0]), z.literal(LABELS[1])]);

/**
 * The plausible temperatures, which are those that we search when we fit one. Beyond them, every confidence is 0.5, or
 * every confidence is 0 or 1. The least is a float32, as a model file has it.
 */
export const TEMPERATURES = { least: Math.fround(0.01), most: 100 };

/** The fields of a manifest. */
const manifestFields = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  id: modelIdSchema,
  architecture: z.literal('googlenet'),
  /**
   * The classes in the order of the output `confidence` `[N, 2]`. If they aren't NOPE and LIKE, their number. Such a
   * model is a starting point: training can start from it, but it can't score photos.
   */
  classes: z.union([
    servedClassesSchema,
    z
      .int()
      .min(1)
      .refine((count) => count !== LABELS.length),
  ]),
  /**
   * How a photo becomes the network's input. The graph itself subtracts the mean, so the value here is for information.
   */
  preprocessing: z.strictObject({
    resize: z.enum(RESIZE_MODES),
    mean: z.union([z.number().min(0).max(255), z.literal('image')]),
  }),
  /**
   * The threshold of the rule `any`, for models without a `decision`. The server or the request may set another one.
   */
  threshold: z.optional(fractionSchema),
  /** How to decide a profile. The server or the request may set another threshold. */
  decision: z.optional(decisionRuleSchema),
  /** The graph divides the logits by this. It is 1 if no temperature was fitted. */
  temperature: z.number().min(TEMPERATURES.least).max(TEMPERATURES.most),
  /** For a network to learn heads on: where the parameters of a head go. All other parameters stay as they are. */
  spareFilters: z.optional(
    z.strictObject({
      /** Two filters of inception 5b's 1×1 branch that heads don't read. */
      filters: z.tuple([z.int().min(0).max(383), z.int().min(0).max(383)]),
      /**
       * The largest mean over a training photo that these filters should output. The outputs at single places of the
       * photo are several times as large, and they all have to fit the range that int8 has for the module.
       */
      largestMean: z.number().positive(),
    }),
  ),
  /** For a head on such a network: the network's ID, and the SHA-256 of its `model.onnx` in hex. */
  headOf: z.optional(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** Evaluation results. The name of each says which data it comes from. */
  metrics: z.record(z.string(), z.number()),
  provenance: z.strictObject({
    /** What the model was trained on, and how, as text. */
    description: z.string(),
    /** The command that created this folder. */
    command: z.string(),
    /** SHA-256 of the file that the weights came from, in hex. */
    sourceSha256: z.string().optional(),
    /** SHA-256 of the index of the training dataset (`photos.jsonl`), in hex. */
    dataIndexSha256: z.string().optional(),
    /**
     * The commit of this project that created the model, followed by `-changed` if the files had uncommitted changes.
     */
    commit: z.string().optional(),
  }),
  model: z.strictObject({
    /** SHA-256 of `model.onnx`, in hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(1),
    /** The number format of the stored weights. */
    storage: z.enum(['float32', 'float16', 'int8']),
  }),
  /** For an int8 model: its parent, and how faithful it is. */
  quantization: z.optional(quantizationSchema),
});

/** A model's `manifest.json`, which is next to its `model.onnx`. */
export const manifestSchema = manifestFields.refine(
  ({ threshold, decision }) => threshold === undefined || decision === undefined,
  { path: ['decision'], message: 'a manifest has either threshold or decision, which has its own threshold' },
);

export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of a model that can score: its classes are NOPE and LIKE. */
export type ServedManifest = Manifest & { readonly classes: z.infer<typeof servedClassesSchema> };

/**
 * Returns the rule that a model decides by: its own, or {@link ARTICLE_RULE}, perhaps at its own threshold. A requested
 * threshold replaces the rule's, whichever rule it is.
 */
export function ruleOf({ threshold, decision }: Pick<Manifest, 'threshold' | 'decision'>, requested?: number) {
  return withThreshold(decision ?? withThreshold(ARTICLE_RULE, threshold), requested);
}

/** Formats a rule in brief: `threshold 0.4`, or `threshold 0.45 for all photos together (…)`. */
export function ruleWords(rule: DecisionRule): string {
  const threshold = `threshold ${rule.threshold}`;
  if (rule.rule === 'any') return threshold;
  const { largestShare, perLogCount } = rule;
  const short = (number: number) => String(Number(number.toFixed(3)));
  const terms = `${short(largestShare)} × largest + ${short(1 - largestShare)} × mean logit + ${short(perLogCount)} × ln(photos)`;
  return `${threshold} for all photos together (${terms})`;
}
