import { DEFAULT_THRESHOLD, LABELS } from '@swipenet/shared/confidence.ts';
import { fractionSchema } from '@swipenet/shared/fraction.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { modelIdSchema } from '../home/model-id.ts';
import { quantizationSchema } from './quantization.ts';

export { modelIdSchema };

const servedClassesSchema = z.tuple([z.literal(LABELS[0]), z.literal(LABELS[1])]);

/** What a model says of itself: `manifest.json` beside its `model.onnx`. */
export const manifestSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  id: modelIdSchema,
  architecture: z.literal('googlenet'),
  /**
   * In the order of the output `confidence` `[N, 2]`; or how many there are where they are others. Such a model is an
   * initialisation: training begins from it, nothing is scored with it.
   */
  classes: z.union([
    servedClassesSchema,
    z
      .int()
      .min(1)
      .refine((count) => count !== LABELS.length),
  ]),
  /** How a photo becomes the network's input; the mean's subtraction is inside the graph and stands here to be read. */
  preprocessing: z.strictObject({
    resize: z.enum(RESIZE_MODES),
    mean: z.union([z.number(), z.literal('image')]),
  }),
  /** LIKE at or above this, unless the server or the request says otherwise. */
  threshold: z.optional(fractionSchema),
  /** What the logits are divided by inside the graph; 1 where none was fitted. */
  temperature: z.number().positive(),
  /** Figures of its evaluation, each under a name that says of what. */
  metrics: z.record(z.string(), z.number()),
  provenance: z.strictObject({
    /** What it learnt from and how, in words. */
    description: z.string(),
    /** The command that made this folder. */
    command: z.string(),
    /** SHA-256 of the file the weights came from, in hex. */
    sourceSha256: z.string().optional(),
    /** SHA-256 of the index of the data set it learnt from (`photos.jsonl`), in hex. */
    dataIndexSha256: z.string().optional(),
    /** The commit of this project that made it; `-changed` behind it where the files were not those of the commit. */
    commit: z.string().optional(),
  }),
  model: z.strictObject({
    /** SHA-256 of `model.onnx`, in hex. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(1),
    /** How the weights are kept in the file. */
    storage: z.enum(['float32', 'float16', 'int8']),
  }),
  /** Of an int8 model: what it is the int8 form of, and how faithful it is. */
  quantization: z.optional(quantizationSchema),
});

/** See {@link manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of a model that can be served: its classes are NOPE and LIKE. */
export type ServedManifest = Manifest & { readonly classes: z.infer<typeof servedClassesSchema> };

/** The confidence from which a photo is a LIKE: the one asked for, else the model's own, else {@link DEFAULT_THRESHOLD}. */
export function thresholdOf({ threshold }: Pick<Manifest, 'threshold'>, asked?: number): number {
  return asked ?? threshold ?? DEFAULT_THRESHOLD;
}
