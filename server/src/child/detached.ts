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

/** Where what a program says goes. */
export interface AttachedOutput {
  /** The open files for its standard output and its standard error. */
  readonly stdout: number;
  readonly stderr: number;
  /** Gets what it says by {@link tellStarter}. */
  readonly onMessage: (message: unknown) => void;
}

/** Starts one of our programs. If this process is killed, it is, too. */
export function startAttached(
  program: URL,
  parameters: readonly string[],
  { stdout, stderr, onMessage }: AttachedOutput,
): AttachedProgram {
  const child = fork(program, [...parameters], {
    stdio: ['ignore', stdout, stderr, 'ipc'],
    execArgv: ['--import', END_WITH_PARENT.href],
  });
  child.on('message', onMessage);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 1, signal: null })); // it couldn't be started
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}

/** Tells the process that started this one as an attached program something. Does nothing without one. */
export const tellStarter = (message: object): void => void process.send?.(message);
