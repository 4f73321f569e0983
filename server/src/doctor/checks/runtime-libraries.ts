import { type Check, fail, pass, warn } from '../check.ts';
import { libraryFiles } from '../library-files.ts';
import { RECORDED_LIBRARIES, RECORDED_VERSION } from '../recorded-libraries.ts';

const REINSTALL = 'remove node_modules and install again: npm start';

/** onnxruntime-node's own libraries are there, and are those of its npm package. */
export const runtimeLibrariesCheck: Check = {
  name: 'runtime-libraries',
  run: async ({ machine: { platform, libraryFolder, runtimeVersion } }) => {
    const recorded = RECORDED_LIBRARIES[platform];
    if (!recorded) {
      return fail(
        `onnxruntime-node has no library for ${platform}`,
        'it runs on linux and win32 (x64, arm64), darwin (arm64)',
      );
    }
    const names = Object.keys(recorded);
    const { files, missing } = await libraryFiles(libraryFolder, names);
    if (missing.length > 0) return fail(`${missing.join(' and ')} not in ${libraryFolder}`, REINSTALL, files);
    if (runtimeVersion !== RECORDED_VERSION) {
      const summary = `${names.join(', ')} are unverified: their hashes are recorded for ${RECORDED_VERSION}, this is ${runtimeVersion}`;
      return warn(summary, 'compare the SHA-256 of --json with those of a package you trust', files);
    }
    const changed = files.filter(({ name, sha256 }) => sha256 !== recorded[name]).map(({ name }) => name);
    return changed.length > 0
      ? fail(`${changed.join(' and ')} is not the file of onnxruntime-node ${runtimeVersion}`, REINSTALL, files)
      : pass(`${names.join(', ')} of onnxruntime-node ${runtimeVersion}, with the hashes that are recorded`, files);
  },
};
