import { toRun } from '../../command-form.ts';
import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { type Check, fail, pass, warn } from '../check.ts';
import { libraryFiles } from '../library-files.ts';
import { KNOWN_PROVIDERS } from '../provider/known-providers.ts';
import { hashFault, providerFault } from '../provider/provider-fault.ts';

/** Checks that the CUDA provider's libraries exist and belong to the runtime, and compares their hashes if they are known. */
export const cudaLibrariesCheck: Check = {
  name: 'cuda-libraries',
  cudaOnly: true,
  run: async ({ machine: { platform, libraryFolder, runtimeVersion } }) => {
    if (platform !== 'linux/x64') {
      return fail(`onnxruntime-node has no CUDA provider for ${platform}`, 'GPUs need Linux on x64; use the CPU here');
    }
    const { files, missing } = await libraryFiles(libraryFolder, CUDA_PROVIDER_LIBRARIES);
    if (missing.length > 0) {
      return fail(`${missing.join(' and ')} not installed`, `run ${toRun('setup cuda')}`, files);
    }
    const listed = files.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256.slice(0, 16)}…)`).join(', ');
    const fault = await providerFault(libraryFolder, runtimeVersion);
    if (fault !== undefined) return fail(fault, `run ${toRun('setup cuda')}`, files);
    const other = hashFault(files, runtimeVersion);
    if (other !== undefined)
      return warn(other, `run ${toRun('setup cuda')} again, unless you built it yourself`, files);
    const why = runtimeVersion in KNOWN_PROVIDERS ? 'the hashes match' : 'unverified, because no hashes are known';
    return pass(`${listed}; ${why}`, files);
  },
};
