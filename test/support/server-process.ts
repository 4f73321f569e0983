import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

/** How a program ended, and all that it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `swipenet` command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

/** Where a program keeps its state, where it is started, and the file that takes its standard error instead of the test. */
export interface Surroundings {
  readonly home: string;
  readonly cwd?: string;
  readonly stderr?: number;
}

/** Starts `swipenet` with these arguments, its state under `home`. */
export function runSwipenet(parameters: readonly string[], { home, cwd, stderr }: Surroundings): Running {
  const child = spawn(process.execPath, [MAIN, ...parameters], {
    env: { ...process.env, SWIPENET_HOME: home },
    stdio: ['ignore', 'pipe', stderr ?? 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })));
  return { child, output, ended };
}

/** A server that listens, with what a client needs to talk to it. */
export interface RunningServer extends Running {
  readonly url: string;
  readonly token: string;
  /** Asks it to end, and waits. */
  stop(): Promise<Ended>;
}

/** Starts a server on a free port and waits until it is ready. Throws with its output when it ends first. */
export async function startServer(
  home: string,
  parameters: readonly string[] = [],
  surroundings: Omit<Surroundings, 'home'> = {},
): Promise<RunningServer> {
  const running = runSwipenet(['serve', '--port', '0', '--device', 'cpu', ...parameters], { home, ...surroundings });
  const url = await new Promise<string>((resolve, reject) => {
    running.child.stdout?.on('data', () => {
      const found = /listens on (\S+)/.exec(running.output.stdout)?.[1];
      if (found) resolve(found);
    });
    running.ended.then(({ code, stderr }) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  const stop = () => {
    running.child.kill('SIGTERM');
    return running.ended;
  };
  return { ...running, url, token, stop };
}
