import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { modelIdSchema } from '../registry/manifest.ts';
import { parsePolicy } from '../training/step/schedule.ts';
import { numberFlag, parseFlags, textFlag, wholeFlag } from './option-schemas.ts';

const trainFlags = z.object({
  data: z.string().optional(),
  resume: z.string().optional(),
  mode: z.enum(['auto', 'full', 'head'], 'must be auto, full or head'),
  run: z.string().optional(),
  name: modelIdSchema.optional(),
  init: textFlag,
  epochs: wholeFlag(1),
  batch: wholeFlag(1),
  lr: numberFlag('must be a number above 0', (rate) => rate > 0).optional(),
  momentum: numberFlag('must be a number from 0 to 1', (share) => share <= 1),
  weightDecay: numberFlag('must be a number, 0 or more'),
  policy: z.string().refine((text) => parsePolicy(text)),
  warmup: wholeFlag(0).optional(),
  crop: wholeFlag(96, 256),
  mirror: z.boolean(),
  mean: z.enum(['image', 'pixel'], 'must be image or pixel'),
  seed: wholeFlag(0, 2 ** 32 - 1),
});

/** The flags of `train`, parsed. */
export type TrainFlags = z.output<typeof trainFlags>;

/** Parses the flags of `train`. Throws CommandError `option_invalid`, naming the first that does not fit. */
export function parseTrainFlags(flags: unknown): TrainFlags {
  const parsed = parseFlags(trainFlags, flags);
  if ((parsed.data === undefined) === (parsed.resume === undefined)) {
    throw new CommandError(
      'option_invalid',
      'train needs --data with a data set, or --resume with the folder of a run',
    );
  }
  return parsed;
}
