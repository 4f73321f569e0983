import { type Check, fail, pass } from '../check.ts';
import { listGpus } from '../gpus.ts';
import { atLeast } from '../versions.ts';

/** The oldest driver that supports CUDA 13. */
const OLDEST_DRIVER = '580';

/** Checks that there is an NVIDIA driver that is new enough. */
export const driverCheck: Check = {
  name: 'driver',
  cudaOnly: true,
  explains: true,
  run: async ({ machine }) => {
    const advice = `install driver ${OLDEST_DRIVER} or newer; a container needs the NVIDIA Container Toolkit and --gpus (see docs/gpu.md)`;
    try {
      const gpus = await listGpus(machine.run);
      const [{ driver }] = gpus as [(typeof gpus)[0]];
      return atLeast(driver, OLDEST_DRIVER)
        ? pass(`driver ${driver}, ${gpus.length} GPU${gpus.length > 1 ? 's' : ''}`, gpus)
        : fail(`driver ${driver} is older than ${OLDEST_DRIVER}, which CUDA 13 needs`, advice, gpus);
    } catch (error) {
      return fail((error as Error).message, advice);
    }
  },
};
