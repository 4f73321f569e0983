import { extname } from 'node:path';
import * as z from 'zod';
import { exportModel } from '../../interchange/export-model.ts';
import { EXPORT_FORMATS } from '../../interchange/export-network.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { defineCommand } from '../command.ts';

/** Where a model is written, and as what: by the name's ending, a folder where it has none. */
const outSchema = z.string().transform((out, context) => {
  const ending = /[/\\]$/.test(out) ? '' : extname(out);
  const format = EXPORT_FORMATS.find((known) => ending === `.${known}`);
  if (format !== undefined || ending === '') return { out, format };
  const what = 'NAME.onnx, NAME.safetensors, or a folder’s name without a dot, or with / behind it';
  context.addIssue(`must be ${what}, got ${JSON.stringify(out)}`);
  return z.NEVER;
});

/** `swipenet models export ID`: a model as a file for others, or as a folder. */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write a model for another machine or another program',
  operand: { syntax: '<id>', help: 'a model' },
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
