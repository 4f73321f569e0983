import { execFile } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The words that start Swipenet from anywhere, before its own arguments: this Node, and the command line's program. */
export const ownCommand = [process.execPath, MAIN] as const;

/** How a command of Swipenet's own ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of Swipenet's own commands to its end. Tests pass fakes. */
export type RunCommand = (
  parameters: readonly string[],
  options: {
    readonly signal: AbortSignal;
    /** The folder that relative paths are in. */
    readonly folder?: string;
    /** Its priority: 19 is the lowest. */
    readonly niceness?: number;
  },
) => Promise<CommandEnd>;

/**
 * {@link RunCommand} in a process of its own, so that long work keeps neither the server's thread nor its memory. The
 * signal kills it.
 */
export const runCommand: RunCommand = (parameters, { signal, folder, niceness }) =>
  new Promise((resolve) => {
    const options = { signal, killSignal: 'SIGKILL', maxBuffer: 256 << 20, ...(folder && { cwd: folder }) } as const;
    const { pid } = execFile(ownCommand[0], [MAIN, ...parameters], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr });
    });
    if (pid !== undefined && niceness !== undefined) lowerPriority(pid, niceness);
  });

function lowerPriority(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {} // it has already ended
}
