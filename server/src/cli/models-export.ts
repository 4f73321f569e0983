import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CommandError } from '../command-error.ts';
import { readSettings } from '../config/settings.ts';
import { MANIFEST_NOTE, writeNewFile } from '../interchange/export-file.ts';
import { EXPORT_FORMATS, exportNetwork } from '../interchange/export-network.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { loadModel, writeModelFolder } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';

/** The format of a file by its name's ending; `undefined` for a folder. Throws CommandError `option_invalid`. */
function formatOf(out: string): (typeof EXPORT_FORMATS)[number] | undefined {
  const ending = /[/\\]$/.test(out) ? '' : extname(out);
  const format = EXPORT_FORMATS.find((known) => ending === `.${known}`);
  if (format !== undefined || ending === '') return format;
  const what = 'NAME.onnx, NAME.safetensors, or a folder’s name without a dot, or with / behind it';
  throw new CommandError('option_invalid', `--out must be ${what}, got ${JSON.stringify(out)}`);
}

/** `swipenet models export ID`: a model as a file for others, or as a folder. */
export const exportCommand = commandWith('export', 'write a model for another machine or another program', ['home'])
  .argument('<id>', 'a model')
  .requiredOption('--out <path>', 'NAME.onnx, NAME.safetensors (float32, Caffe’s names), or a new folder')
  .action(async (id: string, { out, ...flags }: { out: string }) => {
    const { home } = readSettings(['home'], flags);
    const format = formatOf(out);
    const { manifest, modelPath } = await loadModel(modelFolders(home), id);
    const model = await readFile(modelPath);
    if (format === undefined) await writeModelFolder(out, manifest, model, 'output');
    else {
      const notes = { [MANIFEST_NOTE]: JSON.stringify(manifest) };
      await writeNewFile(out, exportNetwork(model, format, notes, manifest.quantization?.parent));
    }
    console.log(out);
  });
