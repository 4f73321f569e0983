import { spawn } from 'node:child_process';

/** How an installer ended. */
export interface InstallerEnd {
  readonly code: number;
  /** What it wrote to standard error. */
  readonly words: string;
}

/** Runs a script of Node's in a folder. @param signal ends it. */
export type RunInstaller = (
  script: string,
  options: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
) => Promise<InstallerEnd>;

/**
 * {@link RunInstaller} with the Node that runs this. What it writes to standard output is its progress and is seen at
 * once, on this process's standard error; its errors are kept.
 */
export const runInstaller: RunInstaller = (script, { folder, environment, signal }) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', process.stderr, 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    child.on('error', (error) => {
      words += String(error); // also of the signal
    });
    child.on('close', (code) => resolve({ code: code ?? 1, words }));
  });
