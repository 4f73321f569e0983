import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { DATA_TYPES, decodeModelProto, type ModelProto, type TensorProto } from '../onnx/proto.ts';
import type { WeightTensor } from './weights.ts';

/** Half weights stand in the file under this suffix (GraphBuilder.halfConstant). */
const HALF = '.float16';

/**
 * Reads the parameters back out of a model file that buildServingModel wrote, and the mean level that it subtracts (of a
 * mean image, its own mean).
 *
 * @throws SwipenetError `weights_invalid` where the file is no such model.
 */
export function readModelWeights(bytes: Uint8Array): { weights: Map<string, WeightTensor>; meanLevel: number } {
  let model: ModelProto;
  try {
    model = decodeModelProto(bytes);
  } catch (cause) {
    throw new SwipenetError('weights_invalid', 'the file is no ONNX model', { cause });
  }
  const weights = new Map<string, WeightTensor>();
  let meanLevel: number | undefined;
  for (const tensor of model.graph.initializer) {
    const name = tensor.name.endsWith(HALF) ? tensor.name.slice(0, -HALF.length) : tensor.name;
    if (/\.(weight|bias)$/.test(name)) weights.set(name, { shape: tensor.dims, data: numbersOf(tensor) });
    if (name === 'mean') {
      const levels = numbersOf(tensor);
      meanLevel = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    }
  }
  if (meanLevel === undefined) throw new SwipenetError('weights_invalid', 'the model subtracts no mean');
  return { weights, meanLevel };
}

function numbersOf({ name, dataType, rawData }: TensorProto): Float32Array {
  // Copied, because a tensor's bytes need not begin where a typed array may.
  const { buffer } = new Uint8Array(rawData);
  if (dataType === DATA_TYPES.float32) return new Float32Array(buffer);
  if (dataType === DATA_TYPES.float16) return Float32Array.from(new Float16Array(buffer));
  throw new SwipenetError('weights_invalid', `the tensor ${name} of the model is neither float32 nor float16`);
}
