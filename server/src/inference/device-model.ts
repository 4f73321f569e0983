import type { Precision } from '@swipenet/shared/contract/model.ts';
import { withFloat16 } from '../onnx/float16-graph.ts';
import { withLrnOperators } from '../onnx/lrn-operator.ts';
import type { InstalledModel } from '../registry/model-registry.ts';
import type { Device } from '../runtime/session.ts';
import type { EngineModel } from './child-engine.ts';
import { readModelFile } from './read-model-file.ts';

/**
 * Returns a model as a device runs it. On a CPU, that is its file. For CUDA the graph is rewritten here and not in the
 * engines, so that a restarted engine doesn't have to load what that takes.
 *
 * @param precision how CUDA computes the model: `fp16` or `fp32`. A CPU computes what the file says.
 * @throws Error if the file isn't the one that was checked, or can't be read.
 */
export async function modelOnDevice(
  { modelPath, manifest }: Pick<InstalledModel, 'modelPath' | 'manifest'>,
  device: Device,
  precision: Precision = 'fp32',
): Promise<EngineModel> {
  const file = { modelPath, sha256: manifest.model.sha256 };
  if (device === 'cpu') return file;
  const bytes = withLrnOperators(await readModelFile(file));
  return { ...file, bytes: precision === 'fp16' ? withFloat16(bytes) : bytes };
}
