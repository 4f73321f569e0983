import { join } from 'node:path';
import { type Check, type Examination, fail, pass } from '../check.ts';
import { readElfFile } from '../elf.ts';
import { findLibrary, libraryPlaces, missingLibraries } from '../library-search.ts';

/** cuDNN, and the parts of it that convolutions make it load by itself. */
const CUDNN = 'libcudnn.so.9';
const PARTS = ['graph', 'ops', 'cnn', 'heuristic', 'engines_precompiled', 'engines_runtime_compiled'];

/**
 * cuDNN 9 is where the loader looks. The provider loads it only when it first needs it, so no ELF file names it and a
 * session opens without it, to fail when it runs.
 */
export const cudnnCheck = {
  name: 'cudnn',
  cudaOnly: true,
  after: ['runtime-libraries'],
  explains: true,
  run: async ({ machine }: Pick<Examination, 'machine'>) => {
    const advice = 'install cuDNN 9 for CUDA 13, or have LD_LIBRARY_PATH name its folder before the server starts';
    const places = await libraryPlaces(machine.environment, machine.run, machine.standardFolders);
    const path = join(machine.libraryFolder, 'onnxruntime_binding.node');
    const from = { path, elf: await readElfFile(path) };
    const cudnn = await findLibrary(CUDNN, from, places);
    if (!cudnn) return fail(`the loader does not find ${CUDNN}`, advice);
    const lacking: string[] = [];
    for (const part of PARTS) {
      const name = `libcudnn_${part}.so.9`;
      if (!(await findLibrary(name, cudnn, places))) lacking.push(name);
    }
    const needs = await missingLibraries(cudnn.path, places);
    lacking.push(...needs.map(({ name }) => name));
    return lacking.length > 0
      ? fail(`${cudnn.path} is there, but not ${lacking.join(', ')}`, advice)
      : pass(`${cudnn.path} and its parts`);
  },
} satisfies Check;
