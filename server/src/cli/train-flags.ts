import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { modelIdSchema } from '../registry/manifest.ts';
import { parsePolicy } from '../training/schedule.ts';

const number = z
  .string()
  .regex(/^\d*\.?\d+(e-?\d+)?$/, 'must be a number')
  .transform(Number);
const whole = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number);

const trainFlags = z.object({
  data: z.string().optional(),
  resume: z.string().optional(),
  mode: z.enum(['auto', 'full', 'head'], 'must be auto, full or head'),
  run: z.string().optional(),
  name: modelIdSchema.optional(),
  init: z.string().min(1),
  epochs: whole.pipe(z.int().min(1)),
  batch: whole.pipe(z.int().min(1)),
  lr: number.pipe(z.number().positive()).optional(),
  momentum: number.pipe(z.number().max(1)),
  weightDecay: number,
  policy: z.string().refine((text) => parsePolicy(text)),
  warmup: whole.optional(),
  crop: whole.pipe(z.int().min(96).max(256)),
  mirror: z.boolean(),
  mean: z.enum(['image', 'pixel']),
  seed: whole.pipe(z.int().max(2 ** 32 - 1)),
});

/** The flags of `train`, parsed. */
export type TrainFlags = z.output<typeof trainFlags>;

/** Parses the flags of `train`. Throws SwipenetError `option_invalid`, naming the first that does not fit. */
export function parseTrainFlags(flags: unknown): TrainFlags {
  const parsed = trainFlags.safeParse(flags);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const flag = String(issue?.path[0]).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new SwipenetError('option_invalid', `--${flag}: ${issue?.message}`);
  }
  if ((parsed.data.data === undefined) === (parsed.data.resume === undefined)) {
    throw new SwipenetError(
      'option_invalid',
      'train needs --data with a data set, or --resume with the folder of a run',
    );
  }
  return parsed.data;
}
