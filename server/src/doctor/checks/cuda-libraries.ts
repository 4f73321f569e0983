import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { type Check, fail, pass } from '../check.ts';
import { libraryFiles } from '../library-files.ts';

/**
 * Checks that the CUDA provider's libraries exist. They aren't in any npm package, so there are no hashes to compare.
 */
export const cudaLibrariesCheck: Check = {
  name: 'cuda-libraries',
  cudaOnly: true,
  run: async ({ machine: { platform, libraryFolder } }) => {
    if (platform !== 'linux/x64') {
      return fail(`onnxruntime-node has no CUDA provider for ${platform}`, 'GPUs need Linux on x64; use the CPU here');
    }
    const { files, missing } = await libraryFiles(libraryFolder, CUDA_PROVIDER_LIBRARIES);
    if (missing.length > 0) {
      return fail(`${missing.join(' and ')} not installed`, 'run swipenet setup cuda', files);
    }
    const listed = files.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256.slice(0, 16)}…)`).join(', ');
    return pass(`${listed}; unverified, because no hashes are recorded`, files);
  },
};
