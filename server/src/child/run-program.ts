import { execFile } from 'node:child_process';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** How a system program ended. */
interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a system program to its end. Returns `undefined` if it doesn't exist. Tests pass fakes. */
export type RunProgram = (program: string, parameters: readonly string[]) => Promise<ProgramEnd | undefined>;

/**
 * Longer than nvidia-smi takes to wake up a driver, but shorter than Prometheus waits for `/metrics` (10 s). A query
 * that takes longer hangs, as nvidia-smi does when a GPU has fallen off the bus.
 */
const TIMEOUT_MS = 8_000;

/** {@link RunProgram} on this machine. A program that hangs or is killed counts as ended with code 1. */
export const runProgram: RunProgram = (program, parameters) =>
  new Promise((resolve) => {
    // Not the `timeout` option: it would wait for a program that a broken driver keeps from ending.
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const options = { signal, killSignal: 'SIGKILL', maxBuffer: 16 << 20 } as const;
    execFile(program, parameters, options, (error, stdout, stderr) => {
      if (systemCodeOf(error) === 'ENOENT') return resolve(undefined);
      const words = signal.aborted ? `${program} did not end within ${TIMEOUT_MS / 1000} s` : stderr;
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr: words });
    });
  });
