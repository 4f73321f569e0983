import { CUDA_PROVIDER_LIBRARIES } from '../../runtime/providers.ts';
import { type Check, skip } from '../check.ts';
import { findNeeds } from '../missing-needs.ts';
import { RECORDED_LIBRARIES } from '../recorded-libraries.ts';

/** The dynamic loader finds everything that the libraries need, and what that needs, by the ELF files themselves. */
export const libraryNeedsCheck: Check = {
  name: 'library-needs',
  after: ['runtime-libraries', 'cuda-libraries'],
  explains: true,
  run: async ({ device, machine }) => {
    if (!machine.platform.startsWith('linux/')) return skip(`${machine.platform} has other libraries than ELF files`);
    const own = Object.keys(RECORDED_LIBRARIES[machine.platform] ?? {});
    return findNeeds(machine, device === 'cpu' ? own : [...own, ...CUDA_PROVIDER_LIBRARIES]);
  },
};
