import * as z from 'zod/mini';
import { LABELS } from '../../confidence.ts';
import { SCORE_LIMITS } from '../score.ts';

/** Limits of the requests that bring an import's files. */
export const IMPORT_LIMITS = {
  /** The most files in a request. */
  filesAtOnce: 100,
  /** The most bytes of a request. There is room for any photo that the server can score. */
  bytesAtOnce: 64_000_000,
  /** The most bytes of the head of a request. */
  headBytes: 200_000,
  /** The largest file. A larger one can't be scored either. */
  fileBytes: SCORE_LIMITS.maxPhotoBytes,
} as const;

/** The response of `POST /v1/studio/imports`: the ID of a new import, which has no files yet. */
export const importBegunSchema = z.object({ id: z.string() });

export type ImportBegun = z.infer<typeof importBegunSchema>;

/**
 * The head of `POST /v1/studio/imports/:import/files`: the files that follow, one after the other. The body begins with the
 * head's length, 4 bytes in little-endian order, and the head as JSON.
 */
export const importFilesSchema = z
  .array(
    z.object({
      label: z.enum(LABELS),
      /** Its path below the label's folder, with slashes. Each folder is a profile. */
      path: z.string(),
      bytes: z.int().check(z.gte(0), z.lte(IMPORT_LIMITS.fileBytes)),
    }),
  )
  .check(z.minLength(1), z.maxLength(IMPORT_LIMITS.filesAtOnce));

export type ImportFiles = z.infer<typeof importFilesSchema>;

/** The response to files: how many came. */
export const importProgressSchema = z.object({ files: z.int() });

export type ImportProgress = z.infer<typeof importProgressSchema>;

/** The response of `POST /v1/studio/imports/:import/dataset`: the dataset, and the files that were left out, each with the reason. */
export const importBuiltSchema = z.object({
  id: z.string(),
  photos: z.int(),
  leftOut: z.array(z.object({ path: z.string(), message: z.string() })),
});

export type ImportBuilt = z.infer<typeof importBuiltSchema>;
