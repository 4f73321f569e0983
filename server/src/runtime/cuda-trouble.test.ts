import { describe, expect, it } from 'vitest';
import { CUDA_NOT_INSTALLED, cudaTrouble, deviceTrouble, recognizeTrouble } from './cuda-trouble.ts';

const installed = () => true;
/** The message of ONNX Runtime 1.30 on a machine without the library. */
const loader = `OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library
2026-11-26 22:08:17.676771999 [E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2146 Create] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /a/libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory
`;
/** How 1.29's provider reports a missing cuDNN, at the first convolution. Other words of the process may follow. */
const cudnn = `Non-zero status code returned while running Conv node. Name:'conv1/7x7_s2' Status Message: ${'/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_kernel.h:113 cudnnHandle_t onnxruntime::cuda::CudaKernel::GetCudnnHandle(onnxruntime::OpKernelContext*) const '.repeat(2)}[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so: libcudnn.so: cannot open shared object file: No such file or directory
(node:1) Warning: something else`;
const cuda =
  '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 bool onnxruntime::CudaCall(...) CUDA failure 100: no CUDA-capable device is detected ; GPU=0 ; hostname=h ; file=/x.cc ; line=282 ; expr=cudaSetDevice(0);';

describe('the reason why CUDA is unavailable', () => {
  it.each([
    [
      'the library that can’t be loaded',
      loader,
      'libcudnn.so.9: cannot open shared object file: No such file or directory',
    ],
    [
      'cuDNN, although it comes after 400 characters',
      cudnn,
      'cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so: libcudnn.so: cannot open shared object file: No such file or directory',
    ],
    ['CUDA’s own error', cuda, 'CUDA failure 100: no CUDA-capable device is detected'],
    ['any other message, on one line', 'no kernel\nfor Loop', 'no kernel for Loop'],
  ])('is %s', (_, message, reason) => {
    expect(cudaTrouble(new Error(message), installed)).toBe(reason);
  });

  it('is never longer than 200 characters', () => {
    expect(cudaTrouble(new Error('x'.repeat(900)), installed)).toBe(`${'x'.repeat(199)}…`);
  });

  it('is the missing provider if it is not installed, whatever ONNX Runtime says', () => {
    expect(cudaTrouble(new Error(loader), () => false)).toBe(CUDA_NOT_INSTALLED);
  });

  it('comes with what to do about it, if that is known', () => {
    expect(recognizeTrouble(cudnn)?.remedy).toContain('install cuDNN 9 for CUDA 13');
    expect(recognizeTrouble(cuda)).not.toHaveProperty('remedy');
    expect(recognizeTrouble('no kernel')).toBeUndefined();
  });

  it('recommends the doctor if the user asked for the device', () => {
    expect(deviceTrouble('cuda:1', new Error(cuda), installed)).toBe(
      'cuda:1 is unavailable: CUDA failure 100: no CUDA-capable device is detected; run npm run -s swipenet -- doctor --device cuda:1 for details',
    );
  });
});
