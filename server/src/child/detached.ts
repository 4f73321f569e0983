import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Ends a program with its parent. */
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url);

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts one of our programs so that it outlives this process. It has no terminal and no output.
 *
 * @returns resolves when it has ended, if this process is still there.
 * @throws Error if the system refuses to start another process.
 */
export async function startDetached(program: URL, parameters: readonly string[]): Promise<{ ended: Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(program), ...parameters], { detached: true, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await once(child, 'spawn');
  child.unref();
  return { ended };
}

/** A program that runs as long as this process at most. */
export interface AttachedProgram {
  readonly ended: Promise<ProcessEnd>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts one of our programs. If this process is killed, it is, too.
 *
 * @param output the open files for its standard output and its standard error.
 */
export function startAttached(
  program: URL,
  parameters: readonly string[],
  output: { readonly stdout: number; readonly stderr: number },
): AttachedProgram {
  const child = fork(program, [...parameters], {
    stdio: ['ignore', output.stdout, output.stderr, 'ipc'],
    execArgv: ['--import', END_WITH_PARENT.href],
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 1, signal: null })); // it couldn't be started
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}
