import { DEFAULT_THRESHOLD, LABELS } from '@swipenet/shared/confidence.ts';
import { fractionSchema } from '@swipenet/shared/fraction.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { modelIdSchema } from '../home/model-id.ts';
import { quantizationSchema } from './quantization.ts';

export { modelIdSchema };

const servedClassesSchema = z.tuple([z.literal(LABELS[0]), z.literal(LABELS[1])]);

/** A model's `manifest.json`, which is next to its `model.onnx`. */
export const manifestSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  id: modelIdSchema,
  architecture: z.literal('googlenet'),
  /**
   * The classes in the order of the output `confidence` `[N, 2]`. If they aren't NOPE and LIKE, their number. Such a
   * model is an initialization: training can start from it, but it can't score photos.
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
    mean: z.union([z.number(), z.literal('image')]),
  }),
  /** The minimum confidence for a LIKE, unless the server or the request sets another one. */
  threshold: z.optional(fractionSchema),
  /** The graph divides the logits by this. It is 1 if no temperature was fitted. */
  temperature: z.number().positive(),
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

export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of a model that can score: its classes are NOPE and LIKE. */
export type ServedManifest = Manifest & { readonly classes: z.infer<typeof servedClassesSchema> };

/** Returns the minimum confidence for a LIKE: the requested one, or the model's own, or {@link DEFAULT_THRESHOLD}. */
export function thresholdOf({ threshold }: Pick<Manifest, 'threshold'>, requested?: number): number {
  return requested ?? threshold ?? DEFAULT_THRESHOLD;
}
