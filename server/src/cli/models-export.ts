import { readFile } from 'node:fs/promises';
import { modelFolders, readSettings } from '../config.ts';
import { EXPORT_FORMATS, exportNetwork } from '../googlenet/export-network.ts';
import { MANIFEST_NOTE, writeNewFile } from '../registry/export-file.ts';
import { loadModel, writeModelFolder } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';

/** `swipenet models export ID`: a model as a file for others, or as a folder. */
export const exportCommand = commandWith('export', 'write a model for another machine or another program', ['home'])
  .argument('<id>', 'a model')
  .requiredOption('--out <path>', 'NAME.onnx, NAME.safetensors (float32, Caffe’s names), or a new folder')
  .action(async (id: string, { out, ...flags }: { out: string }) => {
    const { home } = readSettings(['home'], flags);
    const { manifest, modelPath } = await loadModel(modelFolders(home), id);
    const model = await readFile(modelPath);
    const format = EXPORT_FORMATS.find((ending) => out.endsWith(`.${ending}`));
    if (format === undefined) await writeModelFolder(out, manifest, model, 'output_unusable');
    else await writeNewFile(out, exportNetwork(model, format, { [MANIFEST_NOTE]: JSON.stringify(manifest) }));
    console.log(out);
  });
