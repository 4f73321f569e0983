import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

/** How a program ended, and its complete output. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `swipenet` command. */
export interface Running {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

/** The home folder, the working directory, and a file descriptor for standard error if the test doesn't read it. */
export interface Surroundings {
  readonly home: string;
  readonly cwd?: string;
  readonly stderr?: number;
}

/** Starts `swipenet` with the given arguments. Its state is in `home`. */
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

/** A running server and what a client needs to connect. */
export interface RunningServer extends Running {
  readonly url: string;
  readonly token: string;
  /** Stops the server and waits for its end. */
  stop(): Promise<Ended>;
}

/** Starts a server on a free port and waits until it is listening. Throws with its output if it ends first. */
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
    void running.ended.then(({ code, stderr }) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  const stop = () => {
    running.child.kill('SIGTERM');
    return running.ended;
  };
  return { ...running, url, token, stop };
}
