import { basename } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { modelIdSchema } from '../registry/manifest.ts';

const numeric = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number')
  .transform(Number);

const importFlags = z.object({
  id: modelIdSchema,
  resize: z.enum(RESIZE_MODES),
  mean: numeric.pipe(z.number().max(255)),
  temperature: numeric.pipe(z.number().positive()),
  storage: z.enum(['float32', 'float16']),
  description: z.string().min(1),
  folder: z.string().optional(),
  metric: z
    .array(z.string().regex(/^[\w.-]+=\d+(\.\d+)?$/, 'must be name=number'))
    .transform((texts) =>
      Object.fromEntries(texts.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)])),
    ),
});

/** The flags of `models import`, parsed. Throws SwipenetError `option_invalid`, naming the first that does not fit. */
export function parseImportFlags(flags: unknown): z.output<typeof importFlags> {
  const parsed = importFlags.safeParse(flags);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SwipenetError('option_invalid', `--${issue?.path[0]?.toString()}: ${issue?.message}`);
}

/** The command as somebody else would write it: without this machine's folders. */
export function importCommandLine(file: string, flags: Record<string, unknown>): string {
  const kept = ['id', 'resize', 'mean', 'temperature', 'storage'].map((name) => `--${name} ${flags[name]}`);
  return `swipenet models import ${basename(file)} ${kept.join(' ')} --description "…"`;
}
