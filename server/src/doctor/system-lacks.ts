import { CUDA_PROVIDER_LIBRARIES } from '../runtime/providers.ts';
import type { Finding, Machine } from './check.ts';
import { cudnnCheck } from './checks/cudnn.ts';
import { findNeeds } from './missing-needs.ts';
import { isOfDriver } from './system-libraries.ts';

/**
 * What a system lacks that the CUDA provider's libraries need, the driver aside: that one is not there while a
 * container's image is built.
 */
export async function systemLacks(machine: Machine): Promise<Finding[]> {
  const needs = await findNeeds(machine, CUDA_PROVIDER_LIBRARIES, (name) => !isOfDriver(name));
  return [needs, await cudnnCheck.run({ machine })].filter(({ status }) => status === 'fail');
}
