import type { Check } from './check.ts';
import { batchChangesCheck } from './checks/batch-changes.ts';
import { computeCapabilityCheck } from './checks/compute-capability.ts';
import { cudaLibrariesCheck } from './checks/cuda-libraries.ts';
import { cudnnCheck } from './checks/cudnn.ts';
import { driverCheck } from './checks/driver.ts';
import { forwardCheck } from './checks/forward.ts';
import { libraryNeedsCheck } from './checks/library-needs.ts';
import { nodeCheck } from './checks/node.ts';
import { parityCheck } from './checks/parity.ts';
import { profileCheck } from './checks/profile.ts';
import { runtimeLibrariesCheck } from './checks/runtime-libraries.ts';
import { sessionCheck } from './checks/session.ts';
import { throughputCheck } from './checks/throughput.ts';
import { trainingCheck } from './checks/training.ts';

/** All checks in order: cheap ones that explain a lot first, then those that prove that the device works. */
export const CHECKS: readonly Check[] = [
  nodeCheck,
  runtimeLibrariesCheck,
  cudaLibrariesCheck,
  libraryNeedsCheck,
  driverCheck,
  computeCapabilityCheck,
  cudnnCheck,
  sessionCheck,
  forwardCheck,
  profileCheck,
  parityCheck,
  throughputCheck,
  batchChangesCheck,
  trainingCheck,
];
