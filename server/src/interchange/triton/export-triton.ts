import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { type FolderFiles, removeDrafts, replaceFolderWhole, writeFolderWhole } from '../../files/write-whole.ts';
import { modelConfig } from '../../oip/model-config.ts';
import type { TensorForm } from '../../oip/tensors.ts';
import { decodeModelProto } from '../../onnx/proto.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { loadModel } from '../../registry/model-registry.ts';
import { configText, LABEL_FILE, type TensorRtPrecision } from './config-text.ts';

const CONFIG_FILE = 'config.pbtxt';
const VERSION = '1';
const MODEL_FILE = `${VERSION}/model.onnx`;

/** The first line of a configuration. A folder whose configuration has another one belongs to somebody else. */
const OWN =
  '# Swipenet wrote this, and replaces it when it exports the model again. To keep your changes, remove this line.';

/**
 * Adds a model to a model repository of Triton's, under its ID. Replaces what an earlier export of the model wrote there,
 * and nothing else.
 *
 * @param models the folders where models are looked up.
 * @param tensorRt has TensorRT compute it, in this precision.
 * @returns the model's folder in the repository.
 * @throws CommandError what loadModel throws, also for a file that is no ONNX; `model_not_served` for a head; `option_invalid` for an int8 model with
 *   TensorRT; `output_unusable`.
 */
export async function exportToTriton(
  models: readonly string[],
  id: string,
  { repository, tensorRt }: { readonly repository: string; readonly tensorRt?: TensorRtPrecision | undefined },
): Promise<string> {
  const { manifest, modelPath } = await loadModel(models, id);
  requireExportable(manifest, tensorRt);
  const files = tritonFiles(manifest, await readFile(modelPath), tensorRt);
  const folder = join(repository, id);
  try {
    await write(folder, files, await whatIsAt(folder, files));
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('output_unusable', `can’t write to ${repository} (${systemCodeOf(cause)})`, { cause });
  }
  await removeDrafts(repository, (name) => name === id).catch(() => {}); // the model is there, whatever else is
  return folder;
}

function requireExportable(
  { id, headOf, model, quantization }: Manifest,
  tensorRt: TensorRtPrecision | undefined,
): void {
  if (headOf) {
    const why = `can’t export ${id}: it was learned on ${headOf.id}, and the server in front applies it itself`;
    throw new CommandError('model_not_served', `${why}; export ${headOf.id}`);
  }
  if (tensorRt && model.storage === 'int8') {
    const why = `TensorRT can’t run ${id}, because its int8 form is made for CPUs`;
    const parent = quantization?.parent ?? 'a model with floats';
    throw new CommandError('option_invalid', `--tensorrt: ${why}; export ${parent}`);
  }
}

/** Returns the files of a model in a repository. The configuration names the file's hash, and its outputs as they are. */
function tritonFiles(
  { id, classes, model }: Manifest,
  bytes: Uint8Array,
  tensorRt: TensorRtPrecision | undefined,
): FolderFiles {
  const hasLabels = typeof classes !== 'number';
  const kind = tensorRt ? 'KIND_GPU' : model.storage === 'int8' ? 'KIND_CPU' : 'KIND_AUTO';
  const config = modelConfig(id, outputsOf(id, bytes), sha256(bytes));
  return {
    [MODEL_FILE]: bytes,
    ...(hasLabels && { [LABEL_FILE]: `${classes.join('\n')}\n` }),
    [CONFIG_FILE]: `${OWN}\n${configText(config, { hasLabels, kind, tensorRt })}`,
  };
}

/**
 * Returns the outputs of a file that buildServingModel built. They are all float32, and their first size is free. Throws
 * CommandError `model_invalid` if it is no ONNX file.
 */
function outputsOf(id: string, bytes: Uint8Array): TensorForm[] {
  try {
    return decodeModelProto(bytes).graph.output.map(({ name, type }) => ({
      ...{ name, datatype: 'FP32' },
      perPhoto: type.tensorType.shape.dim.slice(1).map(({ dimValue }) => dimValue!),
    }));
  } catch (cause) {
    throw new CommandError('model_invalid', `model.onnx of ${id} can’t be read as ONNX`, { cause });
  }
}

/** Finds out what an export would replace. Throws CommandError `output_unusable` if it isn't an export of ours. */
async function whatIsAt(folder: string, files: FolderFiles): Promise<'nothing' | 'export'> {
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0) return 'nothing';
  const foreign = names.find((name) => name !== VERSION && !Object.hasOwn(files, name.replaceAll('\\', '/')));
  const config = await readFile(join(folder, CONFIG_FILE), 'utf8').catch(() => '');
  if (foreign === undefined && config.startsWith(`${OWN}\n`)) return 'export';
  const why = foreign === undefined ? `its ${CONFIG_FILE} isn’t one of Swipenet’s` : `it has ${foreign}`;
  throw new CommandError('output_unusable', `${folder} already exists and ${why}; nothing was overwritten`);
}

const write = (folder: string, files: FolderFiles, found: 'nothing' | 'export'): Promise<void> =>
  found === 'nothing' ? writeFolderWhole(folder, files) : replaceFolderWhole(folder, files);
