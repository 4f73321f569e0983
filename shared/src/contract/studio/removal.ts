import * as z from 'zod/mini';

const countSchema = z.int().check(z.gte(0));

/** What deleting a dataset or a run would delete. The response of `GET …/removal`. */
export const removalSchema = z.object({
  /** The folder that would be deleted. */
  folder: z.string(),
  /** The size of its files. */
  bytes: countSchema,
  /** The part of it that other versions of the dataset have, too, by hard links: it stays. */
  sharedBytes: countSchema,
  files: countSchema,
  /** True if the folder is only a link to one. Only the link would be deleted. */
  isLink: z.boolean(),
  /** The names of the runs that can be resumed with it, and not without. Empty for a run. */
  runs: z.array(z.string()),
  /** Why it can't be deleted now, or null. */
  refusal: z.nullable(z.string()),
});

export type Removal = z.infer<typeof removalSchema>;

/** The response of a deletion: the name of what was deleted. */
export const removedSchema = z.object({ name: z.string() });

export type Removed = z.infer<typeof removedSchema>;
