import { OIP_LIMITS, type OipConfig, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';
import { PHOTOS, type TensorForm } from './tensors.ts';

/**
 * Describes a model in the terms of Triton's `config.pbtxt`: what the endpoint returns, and what an export for Triton has.
 *
 * @param name the name under which a server offers it.
 * @param outputs the outputs that it has.
 * @param sha256 SHA-256 of its file, in hex. Servers in front of this one require it (`--engine oip`).
 */
export function modelConfig(name: string, outputs: readonly TensorForm[], sha256: string) {
  const tensor = ({ name, datatype, perPhoto }: TensorForm) => ({
    name,
    data_type: `TYPE_${datatype}` as const,
    dims: [...perPhoto],
  });
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: OIP_LIMITS.maxPhotos,
    input: [tensor(PHOTOS)],
    output: outputs.map(tensor),
    parameters: { [SHA256_PARAMETER]: { string_value: sha256 } },
  } satisfies OipConfig;
}
