import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PACKAGED } from '../command-form.ts';

const require = createRequire(import.meta.url);

/**
 * The npm package that has ONNX Runtime. onnxruntime-node carries the libraries of all platforms, and on Linux its install
 * script downloads more. So the published package has a package for each platform, without that script.
 */
const RUNTIME_PACKAGE = PACKAGED ? `@swipenet/onnxruntime-${process.platform}-${process.arch}` : 'onnxruntime-node';

/** Finds the installed onnxruntime-node. Throws an error if npm has left it out. */
export function runtimePackage(): { readonly folder: string; readonly version: string } {
  try {
    const packageFile = require.resolve(`${RUNTIME_PACKAGE}/package.json`);
    return { folder: dirname(packageFile), version: require(packageFile).version };
  } catch (cause) {
    throw new Error(`${RUNTIME_PACKAGE} is not installed; docs/install.md lists the supported systems`, { cause });
  }
}

/** Loads ONNX Runtime from the package for this platform. Throws an error if npm has left it out. */
export function loadRuntime(): typeof import('onnxruntime-node') {
  return require(runtimePackage().folder);
}

/** The folder of the native libraries for this platform, inside onnxruntime-node's package. */
export const NATIVE_FOLDER = join('bin', 'napi-v6', process.platform, process.arch);

/** Returns the path of onnxruntime-node's native libraries for this platform. */
export function providerFolder(): string {
  return join(runtimePackage().folder, NATIVE_FOLDER);
}

/** The files that CUDA needs next to onnxruntime-node's own libraries: the provider, and the library that loads it. */
export const CUDA_PROVIDER_LIBRARIES = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
] as const;

/**
 * Whether the CUDA provider library is installed. The npm package doesn't include it, so an ordinary install has only the
 * CPU provider. An installed library may still not work. Only opening a session shows that.
 */
export function cudaProviderInstalled(): boolean {
  return existsSync(join(providerFolder(), CUDA_PROVIDER_LIBRARIES[0]));
}
