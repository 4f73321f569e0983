/** Who brings a library that the CUDA provider may need, in order: the first that fits. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/^lib(cuda|nvidia-.*)\.so/, 'the NVIDIA driver'],
  [/^libcudnn/, 'cuDNN 9'],
  [/^lib(cudart|cublas|cublasLt|cufft|curand|cusparse|cusolver|nvrtc|nvJitLink)\.so/, 'CUDA 13'],
];

/** Who brings a library, in words. */
export function providerOf(name: string): string {
  return PROVIDERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'the system';
}

/** What comes with the driver, and so is not there while a container's image is built. */
export const isOfDriver = (name: string) => providerOf(name) === PROVIDERS[0]?.[1];
