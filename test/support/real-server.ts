import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { type SwipeList, swipeListSchema } from '@swipenet/shared/contract/swipes.ts';

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));

/** A server as people start it, in its own process with its own home folder. */
export class RealServer {
  readonly home: string;
  /** The address it listens on. It stays the same after a restart. */
  url = '';
  token = '';
  /** The link to the start page that it printed. It works once. */
  link = '';
  #end: ((signal?: 'SIGKILL') => Promise<void>) | undefined;
  #pid = 0;

  readonly #flags: readonly string[];
  readonly #within: readonly string[];

  private constructor(home: string, flags: readonly string[], within: readonly string[]) {
    this.home = home;
    this.#flags = flags;
    this.#within = within;
  }

  /**
   * Starts a server on a free port and waits until it is ready.
   *
   * @param token its token, if it isn't to make one.
   * @param within what to put before its command, such as a network namespace.
   */
  static async start(
    flags: readonly string[] = [],
    { token, within = [] }: { readonly token?: string; readonly within?: readonly string[] } = {},
  ): Promise<RealServer> {
    const server = new RealServer(await mkdtemp(join(tmpdir(), 'swipenet-server-')), flags, within);
    if (token !== undefined) await writeFile(join(server.home, 'token'), `${token}\n`, { mode: 0o600 });
    await server.startAgain();
    return server;
  }

  /** Starts the server on its previous port. */
  async startAgain(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0';
    const quiet = ['--log-level', 'warn']; // a line per photo would drown out the test output
    const serve = [process.execPath, MAIN, 'serve', '--port', port, '--device', 'cpu', ...quiet, ...this.#flags];
    const [program, ...parameters] = [...this.#within, ...serve];
    const child = spawn(program!, parameters, {
      env: { ...process.env, SWIPENET_HOME: this.home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    this.#pid = child.pid!;
    this.#end = async (signal) => {
      child.kill(signal ?? 'SIGTERM');
      await exited;
    };
    let printed = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      printed += text;
      const url = /listens on (\S+)/.exec(printed)?.[1];
      const link = /^Open (\S+) in/m.exec(printed)?.[1];
      if (!url || !link) continue;
      this.url = url;
      this.link = link;
      this.token = (await readFile(join(this.home, 'token'), 'utf8')).trim();
      child.stdout.resume();
      return;
    }
    throw new Error(`the server ended before it was listening; it printed: ${printed}`);
  }

  /** Returns the owner's last 100 swipes that it stores, newest first. */
  async swipes(): Promise<SwipeList['swipes']> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const answer = await fetch(this.url + ROUTES.swipeList.path, { headers });
    return swipeListSchema.parse(await answer.json()).swipes;
  }

  /** Kills the server, as a crash would. It can be started again. */
  async kill(): Promise<void> {
    await this.#end?.('SIGKILL');
    this.#end = undefined;
  }

  /** Stalls the server: it answers nothing, and its connections stay open. */
  stall(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  /** Ends a stall. */
  resume(): void {
    process.kill(this.#pid, 'SIGCONT');
  }

  /** Stops the server. It can be started again. */
  async stop(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
  }

  /** Stops the server and removes its home folder. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}
