import { basename } from 'node:path';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { modelIdSchema } from '../registry/manifest.ts';
import { numberFlag, parseFlags, textFlag } from './option-schemas.ts';

const LEVELS = 'must be one level from 0 to 255, or three with commas between';

const importFlags = z.object({
  id: modelIdSchema.optional(),
  resize: z.enum(RESIZE_MODES).optional(),
  mean: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(numberFlag(LEVELS, (level) => level <= 255)))
    .refine((levels) => levels.length === 1 || levels.length === 3, LEVELS)
    .optional(),
  channels: z.enum(['bgr', 'rgb']).optional(),
  classes: z.enum(['NOPE,LIKE', 'LIKE,NOPE']).optional(),
  temperature: numberFlag('must be a number above 0', (value) => value > 0).optional(),
  storage: z.enum(['float32', 'float16']).optional(),
  description: textFlag.optional(),
  folder: z.string().optional(),
  metric: z
    .array(z.string().regex(/^[\w.-]+=\d+(\.\d+)?$/, 'must be name=number'))
    .transform((texts) =>
      Object.fromEntries(texts.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)])),
    ),
});

/** The flags of `models import`, parsed. */
export type ImportFlags = z.output<typeof importFlags>;

/** Parses the flags of `models import`. Throws CommandError `option_invalid`, naming the first that does not fit. */
export function parseImportFlags(flags: unknown): ImportFlags {
  return parseFlags(importFlags, flags);
}

/** The command as somebody else would write it: without this machine's folders. */
export function importCommandLine(file: string, flags: Record<string, unknown>): string {
  const names = ['id', 'resize', 'mean', 'channels', 'classes', 'temperature', 'storage'];
  const kept = names.filter((name) => flags[name] !== undefined).map((name) => ` --${name} ${flags[name]}`);
  return `swipenet models import ${basename(file)}${kept.join('')}${flags.description ? ' --description "…"' : ''}`;
}

/** A value that must be given. Throws CommandError `option_invalid`, naming its flag and what it is. */
export function required<Value>(value: Value | undefined, flag: string, what: string): Value {
  if (value !== undefined) return value;
  throw new CommandError('option_invalid', `--${flag} is needed: ${what}`);
}
