import { PACKAGED } from '../../command-form.ts';
import { type Check, fail, pass, warn } from '../check.ts';
import { libraryFiles } from '../library-files.ts';
import { RECORDED_LIBRARIES, RECORDED_VERSION } from '../recorded-libraries.ts';

const REINSTALL = PACKAGED ? 'reinstall swipenet' : 'delete node_modules, then run npm start to reinstall it';

/** Checks that onnxruntime-node's own libraries exist and are those of its npm package. */
export const runtimeLibrariesCheck: Check = {
  name: 'runtime-libraries',
  run: async ({ machine: { platform, libraryFolder, runtimeVersion } }) => {
    const recorded = RECORDED_LIBRARIES[platform];
    if (!recorded) {
      return fail(
        `onnxruntime-node has no library for ${platform}`,
        'it supports linux and win32 on x64 and arm64, and darwin on arm64',
      );
    }
    const names = Object.keys(recorded);
    const { files, missing } = await libraryFiles(libraryFolder, names);
    if (missing.length > 0) return fail(`${missing.join(' and ')} missing from ${libraryFolder}`, REINSTALL, files);
    if (runtimeVersion !== RECORDED_VERSION) {
      const summary = `${names.join(', ')} are unverified: the recorded hashes are for ${RECORDED_VERSION}, but this is ${runtimeVersion}`;
      return warn(summary, 'compare the SHA-256 hashes in --json with those of a package you trust', files);
    }
    const changed = files.filter(({ name, sha256 }) => sha256 !== recorded[name]).map(({ name }) => name);
    return changed.length > 0
      ? fail(`not from onnxruntime-node ${runtimeVersion}: ${changed.join(', ')}`, REINSTALL, files)
      : pass(`${names.join(', ')} from onnxruntime-node ${runtimeVersion}; the hashes match`, files);
  },
};
