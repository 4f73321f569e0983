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
      /** How it was made, and by which command. */
      provenance: z.object({ description: z.string(), command: z.string() }),
    }),
    z.object({ error: z.string() }),
  ]),
});

export type StudioModel = z.infer<typeof studioModelSchema>;

/** The response of `GET /v1/studio/models`, sorted by ID. */
export const studioModelsSchema = z.object({ models: z.array(studioModelSchema) });

export type StudioModels = z.infer<typeof studioModelsSchema>;
