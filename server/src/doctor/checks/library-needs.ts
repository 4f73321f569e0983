import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { type Check, skip } from '../check.ts';
import { checkDependencies } from '../dependencies.ts';
import { RECORDED_LIBRARIES } from '../recorded-libraries.ts';

/** Checks that the dynamic loader finds all direct and indirect dependencies that the ELF files name. */
export const libraryNeedsCheck: Check = {
  name: 'library-needs',
  after: ['runtime-libraries', 'cuda-libraries'],
  explains: true,
  run: async ({ device, machine }) => {
    if (!machine.platform.startsWith('linux/'))
      return skip(`only for ELF libraries, which ${machine.platform} doesn’t use`);
    const own = Object.keys(RECORDED_LIBRARIES[machine.platform] ?? {});
    return checkDependencies(machine, device === 'cpu' ? own : [...own, ...CUDA_PROVIDER_LIBRARIES]);
  },
};
