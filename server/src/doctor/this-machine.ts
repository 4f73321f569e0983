import { runProgram } from '../child/run-program.ts';
import { providerFolder, runtimePackage } from '../runtime/providers.ts';
import type { Machine } from './check.ts';

/** Describes the machine that this runs on. */
export function thisMachine(environment: Machine['environment']): Machine {
  return {
    platform: `${process.platform}/${process.arch}`,
    nodeVersion: process.versions.node,
    runtimeVersion: runtimePackage().version,
    libraryFolder: providerFolder(),
    environment,
    run: runProgram,
  };
}
