import { join } from 'node:path';
import { type Check, type Examination, fail, pass } from '../check.ts';
import { readElfFile } from '../elf.ts';
import { findLibrary, libraryPlaces, missingLibraries } from '../library-search.ts';

/** cuDNN, and the parts that it loads itself for convolutions. */
const CUDNN = 'libcudnn.so.9';
const PARTS = ['graph', 'ops', 'cnn', 'heuristic', 'engines_precompiled', 'engines_runtime_compiled'];

/**
 * Checks that the loader finds cuDNN 9. The provider loads it only when it first needs it. So no ELF file names it, and
 * a session opens without it and then fails when it runs.
 */
export const cudnnCheck = {
  name: 'cudnn',
  cudaOnly: true,
  after: ['runtime-libraries'],
  explains: true,
  run: async ({ machine }: Pick<Examination, 'machine'>) => {
    const advice = 'install cuDNN 9 for CUDA 13, or add its folder to LD_LIBRARY_PATH before you start the server';
    const places = await libraryPlaces(machine.environment, machine.run, machine.standardFolders);
    const path = join(machine.libraryFolder, 'onnxruntime_binding.node');
    const from = { path, elf: await readElfFile(path) };
    const cudnn = await findLibrary(CUDNN, from, places);
    if (!cudnn) return fail(`the loader can’t find ${CUDNN}`, advice);
    const missing: string[] = [];
    for (const part of PARTS) {
      const name = `libcudnn_${part}.so.9`;
      if (!(await findLibrary(name, cudnn, places))) missing.push(name);
    }
    const dependencies = await missingLibraries(cudnn.path, places);
    missing.push(...dependencies.map(({ name }) => name));
    return missing.length > 0
      ? fail(`found ${cudnn.path}, but not ${missing.join(', ')}`, advice)
      : pass(`found ${cudnn.path} and its parts`);
  },
} satisfies Check;
