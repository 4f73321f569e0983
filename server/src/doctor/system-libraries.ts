/** What provides the libraries that the CUDA provider may need. The first match counts. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^lib(cuda|nvidia-.*)\.so/, 'the NVIDIA driver'],
  [/^libcudnn/, 'cuDNN 9'],
  [/^lib(cudart|cublas|cublasLt|cufft|curand|cusparse|cusolver|nvrtc|nvJitLink)\.so/, 'CUDA 13'],
];

/** Names what provides a library. */
export function providerOf(name: string): string {
  return PROVIDERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'the system';
}

/** True for libraries of the driver, which isn't there while a container image is built. */
export const comesWithDriver = (name: string) => providerOf(name) === PROVIDERS[0]?.[1];
