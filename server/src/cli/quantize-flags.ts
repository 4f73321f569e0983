import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CALIBRATION_METHODS } from '../registry/quantization.ts';

const schema = z.object({
  calibrate: z.string(),
  photos: z.coerce.number().int().min(4).max(10_000),
  method: z.enum(CALIBRATION_METHODS),
  name: z.string().optional(),
  folder: z.string().optional(),
  report: z.string().optional(),
  force: z.boolean().default(false),
});

/** What `models quantize` was asked for. */
export type QuantizeFlags = z.infer<typeof schema>;

/** Parses the flags of `models quantize`. Throws SwipenetError `option_invalid`, naming the flag. */
export function parseQuantizeFlags(flags: unknown): QuantizeFlags {
  const parsed = schema.safeParse(flags);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new SwipenetError('option_invalid', `--${path.join('.')}: ${message}`);
}
