import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '@swipenet/server/doctor/check.ts';
import { ELF_MACHINE, elfFile, type WrittenElf } from './elf-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RUNTIME_LIBRARIES = {
  'libonnxruntime.so.1': {},
  'onnxruntime_binding.node': { needed: ['libonnxruntime.so.1'] },
};
const PROVIDERS = {
  'libonnxruntime_providers_cuda.so': { needed: ['libcudart.so.13', 'libcublas.so.13'] },
  'libonnxruntime_providers_shared.so': {},
};
const CUDNN_PARTS = ['graph', 'ops', 'cnn', 'heuristic', 'engines_precompiled', 'engines_runtime_compiled'];
const SYSTEM_LIBRARIES = [
  'libcudart.so.13',
  'libcublas.so.13',
  'libcudnn.so.9',
  ...CUDNN_PARTS.map((part) => `libcudnn_${part}.so.9`),
];

/** What is missing on a fake machine. */
export interface MissingParts {
  /** Files that don't exist. */
  readonly without?: readonly string[];
  /** The output of nvidia-smi. If undefined, it isn't installed. */
  readonly nvidiaSmi?: string | undefined;
}

/** A GPU in the format that the doctor requests from nvidia-smi. */
export const GOOD_GPU = '0, 580.65.06, 8.9, 23034, NVIDIA L4\n';

/** A Linux machine with a GPU and everything it needs except for `MissingParts`. Its libraries contain no code. */
export function fakeMachine({ without = [], nvidiaSmi }: MissingParts = { nvidiaSmi: GOOD_GPU }): Machine {
  const root = temporaryFolder();
  const write = (folder: string, libraries: Record<string, WrittenElf>) => {
    mkdirSync(join(root, folder));
    for (const [name, elf] of Object.entries(libraries)) {
      const written = elfFile({ machine: ELF_MACHINE, runpath: '$ORIGIN', ...elf });
      if (!without.includes(name)) writeFileSync(join(root, folder, name), written);
    }
    return join(root, folder);
  };
  const libraryFolder = write('package', { ...RUNTIME_LIBRARIES, ...PROVIDERS });
  const system = write('system', Object.fromEntries(SYSTEM_LIBRARIES.map((name) => [name, {}])));
  return {
    platform: 'linux/x64',
    nodeVersion: '26.10.0',
    runtimeVersion: '0.0.0', // a version without recorded hashes
    libraryFolder,
    environment: {},
    run: async (program) =>
      program === 'nvidia-smi' && nvidiaSmi !== undefined ? { code: 0, stdout: nvidiaSmi, stderr: '' } : undefined,
    standardFolders: [system],
  };
}
