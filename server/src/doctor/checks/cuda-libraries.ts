import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { type Check, fail, pass } from '../check.ts';
import { libraryFiles } from '../library-files.ts';

/** The CUDA provider's libraries, which no npm package has, are there. Nothing is recorded that they could be held against. */
export const cudaLibrariesCheck: Check = {
  name: 'cuda-libraries',
  cudaOnly: true,
  run: async ({ machine: { platform, libraryFolder } }) => {
    if (platform !== 'linux/x64') {
      return fail(
        `onnxruntime-node has no CUDA provider for ${platform}`,
        'a GPU needs Linux on x64; the CPU works here',
      );
    }
    const { files, missing } = await libraryFiles(libraryFolder, CUDA_PROVIDER_LIBRARIES);
    if (missing.length > 0) {
      return fail(`${missing.join(' and ')} not installed`, 'swipenet setup cuda fetches them', files);
    }
    const listed = files.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256.slice(0, 16)}…)`).join(', ');
    return pass(`${listed}, unverified: no hash is recorded for them`, files);
  },
};
