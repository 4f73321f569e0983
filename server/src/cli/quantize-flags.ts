import * as z from 'zod';
import { CALIBRATION_METHODS } from '../registry/quantization.ts';
import { parseFlags, wholeFlag } from './option-schemas.ts';

const schema = z.object({
  calibrate: z.string(),
  photos: wholeFlag(4, 10_000),
  method: z.enum(CALIBRATION_METHODS),
  name: z.string().optional(),
  folder: z.string().optional(),
  report: z.string().optional(),
  force: z.boolean().default(false),
});

/** What `models quantize` was asked for. */
export type QuantizeFlags = z.infer<typeof schema>;

/** Parses the flags of `models quantize`. Throws CommandError `option_invalid`, naming the flag. */
export function parseQuantizeFlags(flags: unknown): QuantizeFlags {
  return parseFlags(schema, flags);
}
