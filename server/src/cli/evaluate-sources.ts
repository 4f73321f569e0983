import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { centreCrop } from '../image/preprocess.ts';
import type { Manifest } from '../registry/manifest.ts';
import { findSourcePhotos } from '../training/dataset/build/source-photos.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { type LabelledPhoto, photosOfFiles, photosOfPart } from '../training/evaluation/evaluate.ts';

const flagsSchema = z.object({
  data: z.string().optional(),
  part: z.enum(['validation', 'test']),
  like: z.array(z.string()).optional(),
  nope: z.array(z.string()).optional(),
});

/** Photos whose labels are known, and how they become the network's input where they are no files. */
export interface EvaluationSource {
  /** Of what: goes into the answer. */
  readonly about: Record<string, unknown>;
  readonly photos: readonly LabelledPhoto[];
  readonly preprocess?: (levels: Uint8Array) => Promise<Uint8Array>;
  /** What the caller should know of it and a model. */
  readonly note?: (model: Manifest) => string | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Opens what `evaluate` was asked to look at: a part of a data set, or folders of each label.
 *
 * @throws CommandError `option_invalid` for neither or both; what opening the data set or finding the photos throws.
 */
export async function openEvaluationSource(flags: unknown): Promise<EvaluationSource> {
  const { data, part, like, nope } = flagsSchema.parse(flags);
  if (data === undefined) {
    if (!like || !nope) throw new CommandError('option_invalid', 'either --data, or --like and --nope, must be given');
    const { photos } = await findSourcePhotos({ LIKE: like, NOPE: nope });
    return { about: { like, nope }, photos: photosOfFiles(photos), close: async () => {} };
  }
  if (like || nope) throw new CommandError('option_invalid', '--data and --like, --nope exclude each other');
  const dataset = await openDataset(data);
  const photos = photosOfPart(dataset, part);
  const { head } = dataset;
  const close = async () => dataset[Symbol.asyncDispose]();
  if (photos.length === 0) {
    await close();
    throw new CommandError('option_invalid', `--part ${part}: the data set ${data} has no ${part} part`);
  }
  return {
    about: { data, part },
    photos,
    preprocess: async (levels) => centreCrop(levels),
    note: ({ preprocessing: { resize } }) =>
      resize === head.resize
        ? undefined
        : `note: the data set was made with --resize ${head.resize}, the model serves photos with ${resize}`,
    close,
  };
}
