import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { Command, Option } from 'commander';
import * as z from 'zod';
import { readSettings } from '../config.ts';
import { readSafetensors } from '../googlenet/safetensors.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import { modelIdSchema } from '../registry/manifest.ts';
import { publishModel, sha256 } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';

const numeric = z.string().transform(Number).pipe(z.number());

const importFlags = z.object({
  id: modelIdSchema,
  resize: z.enum(RESIZE_MODES),
  mean: numeric.pipe(z.number().min(0).max(255)),
  temperature: numeric.pipe(z.number().positive()),
  storage: z.enum(['float32', 'float16']),
  description: z.string().min(1),
  folder: z.string().optional(),
  metric: z.array(z.string().regex(/^[\w.-]+=\d+(\.\d+)?$/)),
});

const importCommand = commandWith('import', 'make a model of a GoogLeNet’s weights', ['home'])
  .argument('<file>', 'safetensors, float32, with Caffe’s tensor names: one gray channel, classes NOPE and LIKE')
  .requiredOption('--id <id>', 'the new model’s id')
  .addOption(new Option('--resize <mode>', 'how its photos became squares').choices(RESIZE_MODES).makeOptionMandatory())
  .requiredOption('--mean <level>', 'the gray level, 0 to 255, that was subtracted from its photos')
  .option('--temperature <number>', 'what the logits are divided by', '1')
  .addOption(new Option('--storage <type>', 'how weights are kept').choices(['float32', 'float16']).default('float32'))
  .requiredOption('--description <text>', 'what it learnt from and how')
  .option('--metric <name=number...>', 'a figure of its evaluation', [])
  .option('--folder <folder>', 'where to put it (default: models in the home folder)')
  .action(async (file: string, flags: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const parsed = importFlags.safeParse(flags);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new SwipenetError('option_invalid', `--${issue?.path.join('.')}: ${issue?.message}`);
    }
    const { id, resize, mean, temperature, storage, description, metric } = parsed.data;
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new SwipenetError('path_missing', `${file} does not exist or cannot be read`, { cause });
    });
    const model = buildServingModel({ weights: readSafetensors(bytes), mean, temperature, storage });
    const folder = resolve(parsed.data.folder ?? join(home, 'models'));
    await publishModel(
      folder,
      {
        format: 1,
        id,
        architecture: 'googlenet',
        classes: ['NOPE', 'LIKE'],
        preprocessing: { resize, mean },
        threshold: DEFAULT_THRESHOLD,
        temperature,
        metrics: Object.fromEntries(
          metric.map((text) => text.split('=')).map(([name, value]) => [name, Number(value)]),
        ),
        provenance: { description, command: commandOf(file, flags), sourceSha256: sha256(bytes) },
      },
      { bytes: model, storage },
    );
    console.log(`${id}: ${(model.length / 1e6).toFixed(1)} MB in ${join(folder, id)}`);
  });

/** The command as somebody else would write it: without this machine's folders, description and figures. */
function commandOf(file: string, flags: Record<string, unknown>): string {
  const kept = ['id', 'resize', 'mean', 'temperature', 'storage'].map((name) => `--${name} ${flags[name]}`);
  return `swipenet models import ${basename(file)} ${kept.join(' ')}`;
}

/** `swipenet models …`: the models on this machine. */
export const modelsCommand = new Command('models').description('the models on this machine').addCommand(importCommand);
