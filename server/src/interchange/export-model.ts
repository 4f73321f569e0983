import { readFile } from 'node:fs/promises';
import { loadModel, writeModelFolder } from '../registry/model-registry.ts';
import { MANIFEST_NOTE, writeNewFile } from './export-file.ts';
import { type ExportFormat, exportNetwork } from './export-network.ts';

/**
 * Writes a model to where nothing is: as one file, or as a folder where no format is given.
 *
 * @param folders the folders that models are looked up in.
 * @throws CommandError what loadModel and exportNetwork throw; `output_unusable`.
 */
export async function exportModel(
  folders: readonly string[],
  id: string,
  { out, format }: { readonly out: string; readonly format: ExportFormat | undefined },
): Promise<void> {
  const { manifest, modelPath } = await loadModel(folders, id);
  const model = await readFile(modelPath);
  if (format === undefined) return writeModelFolder(out, manifest, model, 'output');
  const notes = { [MANIFEST_NOTE]: JSON.stringify(manifest) };
  await writeNewFile(out, exportNetwork(model, format, notes, manifest.quantization?.parent));
}
