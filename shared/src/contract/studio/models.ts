import * as z from 'zod/mini';
import { PRECISIONS } from '../model.ts';

/** A model on the server: what a list shows of it, or what is wrong with it. */
export const studioModelSchema = z.object({
  id: z.string(),
  /** The server uses it by default. */
  isActive: z.boolean(),
  /** The server uses it or its int8 form at the moment. */
  isServed: z.boolean(),
  /** It comes with Swipenet, so it can't be deleted. */
  isEmbedded: z.boolean(),
  about: z.union([
    z.object({
      bytes: z.int(),
      precision: z.enum(PRECISIONS),
      /** The model that it is the int8 form of. */
      parent: z.nullable(z.string()),
      /** False for a starting point for training, whose classes aren't NOPE and LIKE. */
      canScore: z.boolean(),
      /** Its figures by name, such as `validation accuracy`. */
      metrics: z.record(z.string(), z.number()),
      /** Everything else about it, as names and values in the order to read them: how it decides and how it was made. */
      facts: z.array(z.tuple([z.string(), z.string()])),
    }),
    z.object({ error: z.string() }),
  ]),
});

export type StudioModel = z.infer<typeof studioModelSchema>;

/** The response of `GET /v1/studio/models`, sorted by ID. */
export const studioModelsSchema = z.object({ models: z.array(studioModelSchema) });

export type StudioModels = z.infer<typeof studioModelsSchema>;

/** The formats for exporting a model to a single file. */
export const EXPORT_FORMATS = ['onnx', 'safetensors'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * The query of `POST /v1/studio/models`, whose body is the file. Files that Swipenet exported need only the ID. The other
 * fields are the flags of `models import`, which checks them.
 */
export const modelImportSchema = z.object({
  id: z.string(),
  file: z.enum(EXPORT_FORMATS),
  resize: z.optional(z.string()),
  classes: z.optional(z.string()),
  mean: z.optional(z.string()),
  range: z.optional(z.string()),
  std: z.optional(z.string()),
});

export type ModelImport = z.infer<typeof modelImportSchema>;

/** The largest file that can be imported, in bytes. A color GoogLeNet with 1000 classes has 28 MB. */
export const MAX_MODEL_BYTES = 256_000_000;

/** The response of a change: the ID of the model that was activated, imported or deleted. */
export const modelChangedSchema = z.object({ id: z.string() });

export type ModelChanged = z.infer<typeof modelChangedSchema>;
