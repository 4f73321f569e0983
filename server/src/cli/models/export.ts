import { extname } from 'node:path';
import { EXPORT_FORMATS, type ExportFormat } from '@swipenet/shared/contract/studio/models.ts';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { exportModel } from '../../interchange/export-model.ts';
import { TENSORRT_PRECISIONS } from '../../interchange/triton/config-text.ts';
import { exportToTriton } from '../../interchange/triton/export-triton.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { defineCommand } from '../command.ts';

const PROGRAMS = ['triton'] as const;

/** Parses the output path. Its extension chooses the format, and a path without one is a folder. */
const outSchema = z.string().transform((out, context): { out: string; format: ExportFormat | undefined } => {
  const extension = /[/\\]$/.test(out) ? '' : extname(out);
  const format = EXPORT_FORMATS.find((known) => extension === `.${known}`);
  if (format !== undefined || extension === '') return { out, format };
  const what = 'NAME.onnx, NAME.safetensors, or a folder (without an extension, or ending in /)';
  context.addIssue(`must be ${what}, got ${JSON.stringify(out)}`);
  return z.NEVER;
});

/** `swipenet models export ID`: writes a model as one file for other programs, as a folder, or for a model server. */
export const exportCommand = defineCommand({
  name: 'export',
  summary: 'export a model for another machine or program',
  operand: { syntax: '<id>', help: 'model ID' },
  settings: ['home'],
  options: {
    out: {
      flag: '--out <path>',
      help: 'NAME.onnx, NAME.safetensors (float32, Caffe’s names), or a new folder; with --for, the model repository',
      schema: outSchema,
      required: true,
    },
    for: {
      flag: '--for <server>',
      help: 'add the model to a model repository of NVIDIA Triton',
      choices: PROGRAMS,
      schema: z.enum(PROGRAMS).optional(),
    },
    tensorrt: {
      flag: '--tensorrt <precision>',
      help: 'with --for triton: have TensorRT compute it on a GPU',
      choices: TENSORRT_PRECISIONS,
      schema: z.enum(TENSORRT_PRECISIONS).optional(),
    },
  },
  run: async ({ settings: { home }, options: { out: to, for: server, tensorrt }, operands: [id] }) => {
    if (server) return { exported: id, out: await exportToTriton(modelFolders(home), id, repositoryOf(to, tensorrt)) };
    if (tensorrt) throw new CommandError('option_invalid', '--tensorrt: needs --for triton');
    await exportModel(modelFolders(home), id, to);
    return { exported: id, out: to.out };
  },
  print: ({ out }) => out,
});

function repositoryOf(
  { out, format }: z.output<typeof outSchema>,
  tensorRt: (typeof TENSORRT_PRECISIONS)[number] | undefined,
) {
  if (format === undefined) return { repository: out, tensorRt };
  throw new CommandError('option_invalid', `--out: must be a folder with --for triton, got ${JSON.stringify(out)}`);
}
