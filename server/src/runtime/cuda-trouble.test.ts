import { describe, expect, it } from 'vitest';
import { CUDA_NOT_INSTALLED, cudaTrouble, deviceTrouble } from './cuda-trouble.ts';

const installed = () => true;
/** As ONNX Runtime 1.30 wrote it on a machine without the library. */
const loader = `OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library
2026-11-26 22:08:17.676771999 [E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2146 Create] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /a/libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory
`;
const cuda =
  '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 bool onnxruntime::CudaCall(...) CUDA failure 100: no CUDA-capable device is detected ; GPU=0 ; hostname=h ; file=/x.cc ; line=282 ; expr=cudaSetDevice(0);';

describe('why CUDA cannot be used', () => {
  it.each([
    [
      'the library that did not load',
      loader,
      'libcudnn.so.9: cannot open shared object file: No such file or directory',
    ],
    ['CUDA’s own error', cuda, 'CUDA failure 100: no CUDA-capable device is detected'],
    ['other words as they are', 'no kernel\nfor Loop', 'no kernel for Loop'],
  ])('is %s', (_, message, reason) => {
    expect(cudaTrouble(new Error(message), installed)).toBe(reason);
  });

  it('is never longer than a line takes', () => {
    expect(cudaTrouble(new Error('x'.repeat(900)), installed)).toBe(`${'x'.repeat(199)}…`);
  });

  it('is the missing provider where it is not installed, whatever ONNX Runtime says', () => {
    expect(cudaTrouble(new Error(loader), () => false)).toBe(CUDA_NOT_INSTALLED);
  });

  it('ends with what tells more, for a device that was asked for', () => {
    expect(deviceTrouble('cuda:1', new Error(cuda), installed)).toBe(
      'cuda:1 cannot be used: CUDA failure 100: no CUDA-capable device is detected; swipenet doctor --device cuda:1 tells more',
    );
  });
});
