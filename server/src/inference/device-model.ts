import { withLrnOperators } from '../onnx/lrn-operator.ts';
import type { InstalledModel } from '../registry/model-registry.ts';
import type { Device } from '../runtime/session.ts';
import type { EngineModel } from './child-engine.ts';
import { readModelFile } from './read-model-file.ts';

/**
 * Returns a model as a device runs it. On a CPU, that is its file. For CUDA the graph is rewritten here and not in the
 * engines, so that a restarted engine doesn't have to load what that takes.
 *
 * @throws Error if the file isn't the one that was checked, or can't be read.
 */
export async function modelOnDevice(
  { modelPath, manifest }: Pick<InstalledModel, 'modelPath' | 'manifest'>,
  device: Device,
): Promise<EngineModel> {
  const file = { modelPath, sha256: manifest.model.sha256 };
  return device === 'cpu' ? file : { ...file, bytes: withLrnOperators(await readModelFile(file)) };
}
