import { spawn } from 'node:child_process';

/** How an installer ended. */
interface InstallerEnd {
  readonly code: number;
  /** The contents of its standard error. */
  readonly stderr: string;
}

/** Runs a Node script in a folder. The signal kills it. */
export type RunInstaller = (
  script: string,
  options: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
) => Promise<InstallerEnd>;

/**
 * {@link RunInstaller} with this process's own Node. The script's standard output is its progress, so it goes straight
 * to this process's standard error. Its standard error is collected.
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
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => {
      stderr += String(error); // also when the signal aborts
    });
    child.on('close', (code) => resolve({ code: code ?? 1, stderr }));
  });
