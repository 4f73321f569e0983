import { CUDA_PROVIDER_LIBRARIES } from '../runtime/providers.ts';
import type { Finding, Machine } from './check.ts';
import { cudnnCheck } from './checks/cudnn.ts';
import { checkDependencies } from './dependencies.ts';
import { comesWithDriver } from './system-libraries.ts';

/**
 * Finds out which libraries the CUDA provider needs and the system lacks. It ignores the driver, which isn't there
 * while a container image is built.
 */
export async function systemLacks(machine: Machine): Promise<Finding[]> {
  const dependencies = await checkDependencies(machine, CUDA_PROVIDER_LIBRARIES, (name) => !comesWithDriver(name));
  return [dependencies, await cudnnCheck.run({ machine })].filter(({ status }) => status === 'fail');
}
