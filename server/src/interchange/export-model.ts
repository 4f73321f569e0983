import { readFile } from 'node:fs/promises';
import type { ExportFormat } from '@swipenet/shared/contract/studio/models.ts';
import { loadModel, writeModelFolder } from '../registry/model-registry.ts';
import { MANIFEST_KEY, writeNewFile } from './export-file.ts';
import { exportNetwork } from './export-network.ts';

/**
 * Exports a model as a new file, or as a new folder if no format is given.
 *
 * @param folders where models are looked up.
 * @throws CommandError what loadModel and exportNetwork throw, or `output_unusable`.
 */
export async function exportModel(
  folders: readonly string[],
  id: string,
  { out, format }: { readonly out: string; readonly format: ExportFormat | undefined },
): Promise<void> {
  const { manifest, modelPath } = await loadModel(folders, id);
  const model = await readFile(modelPath);
  if (format === undefined) return writeModelFolder(out, manifest, model, 'output');
  const metadata = { [MANIFEST_KEY]: JSON.stringify(manifest) };
  await writeNewFile(out, exportNetwork(model, format, metadata, manifest.quantization?.parent));
}
