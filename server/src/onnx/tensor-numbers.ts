import { CommandError } from '../command-error.ts';
import { DATA_TYPES, type TensorProto } from './proto.ts';

/** ONNX's `TensorProto.DataLocation`: the numbers are in another file. */
const EXTERNAL = 1;

/**
 * The numbers of a tensor of a file from anywhere, as float32; whole numbers keep their value up to 2²⁴. A tensor is
 * refused whose numbers are in another file (`external_data`), since that file could be any on this machine.
 *
 * @throws CommandError `weights_invalid`, naming the tensor.
 */
export function tensorNumbers(tensor: TensorProto): Float32Array {
  const { name, dims, dataType } = tensor;
  refuseExternalData(tensor);
  const count = dims.reduce((product, size) => product * size, 1);
  const numbers = tensor.rawData?.length ? ofRaw(dataType, tensor.rawData) : ofLists(tensor);
  if (!numbers) {
    const message = `the tensor ${name} is of ONNX’s type ${dataType}; float32, float16 and int64 can be read`;
    throw new CommandError('weights_invalid', message);
  }
  if (numbers.length !== count) {
    throw new CommandError('weights_invalid', `the tensor ${name} [${dims}] holds ${numbers.length} numbers`);
  }
  return numbers;
}

/** Throws CommandError `weights_invalid` where a tensor's numbers are in another file. */
export function refuseExternalData({ name, externalData, dataLocation }: TensorProto): void {
  if (dataLocation !== EXTERNAL && !externalData?.length) return;
  const message = `the tensor ${name} is in another file (external_data), which is refused: save the model as one file`;
  throw new CommandError('weights_invalid', message);
}

function ofRaw(dataType: number, raw: Uint8Array): Float32Array | undefined {
  // Copied, because a tensor's bytes need not begin where a typed array may; an odd rest makes the count wrong.
  const whole = (size: number) => new Uint8Array(raw.length % size === 0 ? raw : []).buffer;
  if (dataType === DATA_TYPES.float32) return new Float32Array(whole(4));
  if (dataType === DATA_TYPES.float16) return new Float32Array(new Float16Array(whole(2)));
  if (dataType === DATA_TYPES.int64) return Float32Array.from(new BigInt64Array(whole(8)), Number);
  return undefined;
}

function ofLists({ dataType, floatData, int32Data, int64Data }: TensorProto): Float32Array | undefined {
  if (dataType === DATA_TYPES.float32) return new Float32Array(floatData ?? []);
  if (dataType === DATA_TYPES.int64) return new Float32Array(int64Data ?? []);
  if (dataType === DATA_TYPES.float16) {
    return new Float32Array(new Float16Array(new Uint16Array(int32Data ?? []).buffer));
  }
  return undefined;
}
