import { resolve } from 'node:path';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { Option } from 'commander';
import { readSettings } from '../config/settings.ts';
import { takenFolders } from '../registry/model-folders.ts';
import { refuseTakenId } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';
import { importCommandLine, parseImportFlags } from './import-flags.ts';
import { describeImport, publishImport } from './import-model.ts';
import { readImportSource } from './import-source.ts';
import { importedLines } from './model-lines.ts';

/** `swipenet models import PATH`: a GoogLeNet from elsewhere becomes a model here. */
export const importCommand = commandWith('import', 'make a model of a GoogLeNet from elsewhere', ['home'])
  .argument(
    '<path>',
    'a model’s folder, safetensors (float32, Caffe’s names), or ONNX; what Swipenet exported needs no flags',
  )
  .option('--id <id>', 'the new model’s id')
  .addOption(new Option('--resize <mode>', 'how its photos became squares').choices(RESIZE_MODES))
  .option('--mean <levels>', 'what was subtracted from its photos, 0 to 255: one level, or one a channel: 104,117,123')
  .addOption(
    new Option('--channels <order>', 'order of a colour network’s channels, for Caffe’s means (default: bgr)').choices([
      'bgr',
      'rgb',
    ]),
  )
  .addOption(
    new Option('--classes <order>', 'order of its two classes (default: NOPE,LIKE; DIGITS: LIKE,NOPE)').choices([
      'NOPE,LIKE',
      'LIKE,NOPE',
    ]),
  )
  .option('--temperature <number>', 'what the logits are divided by (default: what the file says, else 1)')
  .addOption(new Option('--storage <type>', 'how weights are kept').choices(['float32', 'float16']))
  .option('--description <text>', 'what it learnt from and how')
  .option('--metric <name=number...>', 'a figure of its evaluation', [])
  .option('--folder <folder>', 'where to put it (default: models in the home folder)')
  .option('--json', 'print the manifest as JSON and nothing else')
  .action(async (path: string, { json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const parsed = parseImportFlags(flags);
    const imported = describeImport(await readImportSource(path), parsed, importCommandLine(path, flags));
    const folder = resolve(parsed.folder ?? home.models);
    await refuseTakenId(takenFolders(home, folder), imported.about.id, '--id');
    const manifest = await publishImport(folder, imported);
    console.log(json ? JSON.stringify(manifest, null, 2) : importedLines(manifest, folder));
  });
