import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';

const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number);

const buildFlags = z.object({
  like: z.array(z.string().min(1)),
  nope: z.array(z.string().min(1)),
  out: z.string().min(1),
  test: wholeNumber.pipe(z.int().max(70, 'must be a percentage from 0 to 70')),
  resize: z.enum(RESIZE_MODES),
  seed: wholeNumber.pipe(z.int().max(2 ** 32 - 1)),
  pairs: z.boolean().default(false),
});

/** The flags of `dataset build`, parsed. Throws SwipenetError `option_invalid`, naming the first that does not fit. */
export function parseBuildFlags(flags: unknown): z.output<typeof buildFlags> {
  const parsed = buildFlags.safeParse(flags);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SwipenetError('option_invalid', `--${issue?.path[0]?.toString()}: ${issue?.message}`);
}
