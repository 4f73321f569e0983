import { spawn } from 'node:child_process';

/** How a tool ended. */
interface ToolEnd {
  readonly code: number;
  /** The contents of its standard error. */
  readonly stderr: string;
}

/** Runs a program that may take minutes, such as an installer, in a folder. The signal kills it. */
export type RunTool = (
  command: readonly [program: string, ...parameters: string[]],
  options: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
) => Promise<ToolEnd>;

/**
 * {@link RunTool} on this machine. The program's standard output is its progress, so it goes straight to this process's
 * standard error. Its standard error is collected.
 */
export const runTool: RunTool = ([program, ...parameters], { folder, environment, signal }) =>
  new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', process.stderr, 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      stderr += String(error); // also when the signal aborts
    });
    child.on('close', (code) => resolve({ code: code ?? 1, stderr }));
  });
