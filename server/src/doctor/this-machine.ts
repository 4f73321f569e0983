import { runProgram } from '../child/run-program.ts';
import { CommandError } from '../command-error.ts';
import { providerFolder, runtimePackage } from '../runtime/providers.ts';
import type { Machine } from './check.ts';

/** Describes the machine that this runs on. Throws CommandError `runtime_missing` without ONNX Runtime. */
export function thisMachine(environment: Machine['environment']): Machine {
  return {
    platform: `${process.platform}/${process.arch}`,
    nodeVersion: process.versions.node,
    runtimeVersion: runtimeVersion(),
    libraryFolder: providerFolder(),
    environment,
    run: runProgram,
  };
}

function runtimeVersion(): string {
  try {
    return runtimePackage().version;
  } catch (cause) {
    throw new CommandError('runtime_missing', (cause as Error).message, { cause });
  }
}
