import type { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';

/** A CUDA provider that was at hand. */
interface KnownProvider {
  /** The npm package that has its libraries. */
  readonly npmPackage: string;
  /** In hex. */
  readonly sha256: Readonly<Record<(typeof CUDA_PROVIDER_LIBRARIES)[number], string>>;
}

/**
 * The CUDA providers that are known, by the version of onnxruntime-node that they belong to. A provider of another version
 * than the runtime crashes or computes nonsense, because the interface between the two has no version.
 *
 * Microsoft publishes providers on NuGet only. The package of `asus4` (MIT) has Microsoft's own build (2026-11).
 */
export const KNOWN_PROVIDERS: Readonly<Record<string, KnownProvider>> = {
  '1.29.0': {
    npmPackage: 'com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9',
    sha256: {
      'libonnxruntime_providers_cuda.so': '56cf3254b118ad837ccc4ed8f6d1b23504bbf7ef91b34cbc0b289cb7f10b3037',
      'libonnxruntime_providers_shared.so': 'c6a12593396095f5670160e284c35d1700b7708cf3037b7042e2a5200ccae772',
    },
  },
};
