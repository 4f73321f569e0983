import { execFile } from 'node:child_process';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** How a program of the system ended. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system to its end; `undefined` where there is no such program. Tests bring pretended ones. */
export type RunProgram = (program: string, parameters: readonly string[]) => Promise<ProgramEnd | undefined>;

/** A query that takes longer than this hangs, as nvidia-smi does where a GPU has fallen off its bus. */
const TIMEOUT_MS = 20_000;

/** {@link RunProgram} on this machine. A program that hangs or is killed counts as ended with code 1. */
export const runProgram: RunProgram = (program, parameters) =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 16 << 20 } as const;
    execFile(program, parameters, options, (error, stdout, stderr) => {
      if (systemCodeOf(error) === 'ENOENT') return resolve(undefined);
      const words = error?.killed ? `${program} did not end within ${TIMEOUT_MS / 1000} s` : stderr;
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr: words });
    });
  });
