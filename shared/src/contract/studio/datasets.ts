import * as z from 'zod/mini';
import { LABELS } from '../../confidence.ts';

/** The splits of a dataset. */
export const PARTS = ['training', 'validation', 'test'] as const;

export type Part = (typeof PARTS)[number];

/** The width and height of a thumbnail, in pixels. */
export const THUMBNAIL_SIZE = 128;

/** The most thumbnails that one request may ask for: 1 MB. */
export const MOST_THUMBNAILS = 64;

const countSchema = z.int().check(z.gte(0));
const perLabelSchema = z.record(z.enum(LABELS), z.object({ photos: countSchema, profiles: countSchema }));

/** A dataset on the server: what a list shows of it, or what is wrong with it. */
export const studioDatasetSchema = z.object({
  /** The SHA-256 of its contents, in hex. Another version of a dataset has another ID. */
  id: z.string(),
  /** The name of its folder. */
  name: z.string(),
  folder: z.string(),
  /** True if it is in the home folder, where the studio makes and deletes datasets. Others are those of runs. */
  isOwn: z.boolean(),
  about: z.union([
    z.object({
      photos: countSchema,
      parts: z.record(z.enum(PARTS), perLabelSchema),
      /** The number of files that were left out when it was built. */
      leftOut: countSchema,
      /** The number of pairs of photos that look alike under different labels. */
      nearAcrossLabels: countSchema,
    }),
    z.object({ error: z.string() }),
  ]),
});

export type StudioDataset = z.infer<typeof studioDatasetSchema>;

/** The response of `GET /v1/studio/datasets`, sorted by name. */
export const studioDatasetsSchema = z.object({ datasets: z.array(studioDatasetSchema) });

export type StudioDatasets = z.infer<typeof studioDatasetsSchema>;

/** The event `datasets`. `version` changes whenever the list of datasets does. */
export const datasetsEventSchema = z.object({ version: z.string() });

export type DatasetsEvent = z.infer<typeof datasetsEventSchema>;
