import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of onnxruntime-node's native libraries for this platform. */
export function providerFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return join(dirname(packageFile), 'bin', 'napi-v6', process.platform, process.arch);
}

/**
 * True when the CUDA provider library lies beside onnxruntime-node's own. It is not in the npm package (an ordinary
 * install has the CPU provider alone), and its presence does not mean that it works: only opening a session tells.
 */
export function cudaProviderInstalled(): boolean {
  return existsSync(join(providerFolder(), 'libonnxruntime_providers_cuda.so'));
}
