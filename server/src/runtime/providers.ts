import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The installed onnxruntime-node: its folder and its version. */
export function runtimePackage(): { readonly folder: string; readonly version: string } {
  const packageFile = require.resolve('onnxruntime-node/package.json');
  return { folder: dirname(packageFile), version: require(packageFile).version };
}

/** Where onnxruntime-node's native libraries for a platform are inside its package. */
export const NATIVE_FOLDER = join('bin', 'napi-v6', process.platform, process.arch);

/** The folder of onnxruntime-node's native libraries for this platform. */
export function providerFolder(): string {
  return join(runtimePackage().folder, NATIVE_FOLDER);
}

/** What has to lie beside onnxruntime-node's own libraries for CUDA: the provider, and what it is loaded through. */
export const CUDA_PROVIDER_LIBRARIES = [
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
] as const;

/**
 * True when the CUDA provider library lies beside onnxruntime-node's own. It is not in the npm package (an ordinary
 * install has the CPU provider alone), and its presence does not mean that it works: only opening a session tells.
 */
export function cudaProviderInstalled(): boolean {
  return existsSync(join(providerFolder(), CUDA_PROVIDER_LIBRARIES[0]));
}
