import { extname } from 'node:path';
import { EXPORT_FORMATS } from '@swipenet/shared/contract/studio/models.ts';
import * as z from 'zod';
import { exportModel } from '../../interchange/export-model.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { defineCommand } from '../command.ts';

/** Parses the output path. Its extension chooses the format, and a path without one is a folder. */
const outSchema = z.string().transform((out, context) => {
  const extension = /[/\\]$/.test(out) ? '' : extname(out);
  const format = EXPORT_FORMATS.find((known) => extension === `.${known}`);
  if (format !== undefined || extension === '') return { out, format };
  const what = 'NAME.onnx, NAME.safetensors, or a folder (without an extension, or ending in /)';
  context.addIssue(`must be ${what}, got ${JSON.stringify(out)}`);
  return z.NEVER;
});

/** `swipenet models export ID`: writes a model as one file for other programs, or as a folder. */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'export a model for another machine or program',
  operand: { syntax: '<id>', help: 'model ID' },
  settings: ['home'],
  options: {
    out: {
      flag: '--out <path>',
      help: 'NAME.onnx, NAME.safetensors (float32, Caffe’s names), or a new folder',
      schema: outSchema,
      required: true,
    },
  },
  run: async ({ settings: { home }, options, operands: [id] }) => {
    await exportModel(modelFolders(home), id, options.out);
    return { exported: id, out: options.out.out };
  },
  print: ({ out }) => out,
});
