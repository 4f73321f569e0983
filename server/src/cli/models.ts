import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { Command, Option } from 'commander';
import { readSettings } from '../config.ts';
import { readSafetensors } from '../googlenet/safetensors.ts';
import { buildServingModel } from '../googlenet/serving-model.ts';
import { publishModel } from '../registry/model-registry.ts';
import { sha256 } from '../registry/sha256.ts';
import { commandWith } from './command.ts';
import { importCommandLine, parseImportFlags } from './import-flags.ts';

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
    const { id, resize, mean, temperature, storage, description, metric, folder } = parseImportFlags(flags);
    const source = await readFile(file).catch((cause: unknown) => {
      throw new SwipenetError('path_missing', `${file} does not exist or cannot be read`, { cause });
    });
    const bytes = buildServingModel({ weights: readSafetensors(source), mean, temperature, storage });
    const provenance = { description, command: importCommandLine(file, flags), sourceSha256: sha256(source) };
    const about = {
      id,
      preprocessing: { resize, mean },
      threshold: DEFAULT_THRESHOLD,
      temperature,
      metrics: metric,
      provenance,
    };
    const models = resolve(folder ?? join(home, 'models'));
    await publishModel(models, about, { bytes, storage });
    console.log(`${id}: ${(bytes.length / 1e6).toFixed(1)} MB in ${join(models, id)}`);
  });

/** `swipenet models …`: the models on this machine. */
export const modelsCommand = new Command('models').description('the models on this machine').addCommand(importCommand);
