import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

/** The server as a person starts it, in a process of its own, with a home folder of its own. */
export class RealServer {
  readonly home: string;
  /** Where it listens; the same after a restart. */
  url = '';
  token = '';
  #end: (() => Promise<void>) | undefined;

  private constructor(home: string) {
    this.home = home;
  }

  /** Starts a server on a free port; resolves when it answers. */
  static async start(): Promise<RealServer> {
    const server = new RealServer(await mkdtemp(join(tmpdir(), 'swipenet-server-')));
    await server.startAgain();
    return server;
  }

  /** Starts it, on the port that it had before. */
  async startAgain(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0';
    const quiet = ['--log-level', 'warn']; // a line for every photo would hide what the tests say
    const child = spawn(process.execPath, [MAIN, 'serve', '--port', port, '--device', 'cpu', ...quiet], {
      env: { ...process.env, SWIPENET_HOME: this.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    this.#end = async () => {
      child.kill('SIGTERM');
      await exited;
    };
    let said = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      said += text;
      const url = /listens on (\S+)/.exec(said)?.[1];
      if (!url || !said.includes('token')) continue;
      this.url = url;
      this.token = (await readFile(join(this.home, 'token'), 'utf8')).trim();
      child.stdout.resume();
      return;
    }
    throw new Error(`the server ended before it listened; it said: ${said}`);
  }

  /** Stops it; it can be started again. */
  async stop(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
  }

  /** Stops it and removes its home folder. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}
