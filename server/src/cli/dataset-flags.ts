import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { parseFlags, textFlag, wholeFlag } from './option-schemas.ts';

const buildFlags = z.object({
  like: z.array(textFlag),
  nope: z.array(textFlag),
  out: textFlag,
  test: wholeFlag(0, 70),
  resize: z.enum(RESIZE_MODES),
  seed: wholeFlag(0, 2 ** 32 - 1),
  pairs: z.boolean().default(false),
});

/** The flags of `dataset build`, parsed. Throws CommandError `option_invalid`, naming the first that does not fit. */
export function parseBuildFlags(flags: unknown): z.output<typeof buildFlags> {
  return parseFlags(buildFlags, flags);
}
