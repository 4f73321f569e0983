import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

/** Far more than a server takes that loads Python packages and a model. */
const START_MS = 120_000;

/** Somebody else's model server, as a process of its own. */
export interface ModelServer {
  /** Its base URL. */
  readonly url: string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Has it end by itself, which it gets 5 seconds for. */
  end(): Promise<void>;
}

/**
 * Starts a model server, and waits until it says that a model is ready.
 *
 * @param start returns the command line for a free port.
 * @throws Error with the end of what it printed if it ends or isn't ready in time.
 */
export async function startModelServer(
  start: (port: number) => readonly [program: string, ...parameters: string[]],
  model: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ModelServer> {
  const [port = 0] = await freePorts(1);
  const [program, ...parameters] = start(port);
  const child = spawn(program, parameters, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-3000);
    });
  }
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const end = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  };
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + START_MS; child.exitCode === null && Date.now() < deadline; await delay(100)) {
    const answer = await fetch(`${url}/v2/models/${model}/ready`).catch(() => undefined);
    if (answer?.ok) return { url, kill, end };
  }
  await end();
  throw new Error(`the model server isn’t ready (exit code ${child.exitCode}); it printed: ${printed}`);
}
