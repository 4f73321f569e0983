import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '@swipenet/server/runtime/session.ts';

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
const BASELINE = fileURLToPath(new URL('./baseline-server.ts', import.meta.url));
const LOOP_DELAY = new URL('./loop-delay.ts', import.meta.url).href;

/** All clients share one token here, so the default limit per client would distort the measurement. */
const NO_RATE = ['--rate-limit', '1000000', '--rate-burst', '1000000'];

/** Linux counts CPU time in hundredths of a second (`USER_HZ`). */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** A server in its own process, measured from outside. */
export interface MeasuredServer {
  readonly url: string;
  readonly token: string;
  /** Time from the start of its process until it is listening, in milliseconds. */
  readonly readyMs: number;
  /** Current CPU time and memory of the server and its children (Linux; NaN elsewhere). */
  usage(): { cpuMs: number; rssBytes: number };
  /** Process IDs of its engines and decoders. */
  workers(): { engines: number[]; decoders: number[] };
  /** Delay of its event loop since the previous call: the 99th percentile, in milliseconds. */
  loopDelayMs(): Promise<number>;
  /** Stops the server and returns its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `node server/src/main.ts serve` and waits until it is listening.
 *
 * @param existing a home folder. By default, the server has a new one, which is removed when it stops.
 */
export async function startSwipenet(
  flags: readonly string[],
  device: Device = 'cpu',
  existing?: string,
): Promise<MeasuredServer> {
  const home = existing ?? (await mkdtemp(join(tmpdir(), 'swipenet-bench-')));
  const quiet = [...NO_RATE, '--log-level', 'warn'];
  const server = await start([MAIN, 'serve', '--port', '0', '--device', device, '--home', home, ...quiet, ...flags]);
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  const stop = async () => {
    const code = await server.stop();
    if (existing === undefined) await rm(home, { recursive: true, force: true });
    return code;
  };
  return { ...server, token, stop };
}

/** Starts the plain server to compare Swipenet with. */
export async function startBaseline(device: Device): Promise<MeasuredServer> {
  return { ...(await start([BASELINE, device])), token: 'none' };
}

async function start(parameters: readonly string[]): Promise<Omit<MeasuredServer, 'token'>> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', LOOP_DELAY, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await listensOn(child);
  const readyMs = performance.now() - begin;
  const pid = child.pid!;
  const running = (program: string) => childrenOf(pid).filter((id) => commandLine(id).includes(program));
  return {
    url,
    readyMs,
    workers: () => ({ engines: running('engine-process'), decoders: running('decoder-process') }),
    usage: () => sumUsage([pid, ...childrenOf(pid)]),
    async loopDelayMs() {
      child.send('loop-delay');
      const [{ p99Ms }] = await once(child, 'message');
      return p99Ms;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

async function listensOn(child: ChildProcess): Promise<string> {
  let printed = '';
  for await (const text of child.stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed += text;
    const url = /listens on (\S+)/.exec(printed)?.[1];
    if (!url) continue;
    child.stdout!.resume();
    return url;
  }
  throw new Error(`the server ended before it was listening; it printed: ${printed}`);
}

/** Lists the child processes of a process. */
function childrenOf(pid: number): number[] {
  const ids = ofSystem(() => readdirSync('/proc').filter((name) => /^\d+$/.test(name)), []);
  return ids.map(Number).filter((id) => statOf(id)?.[1] === String(pid));
}

function sumUsage(ids: readonly number[]): { cpuMs: number; rssBytes: number } {
  const stats = ids.map(statOf).filter((stat) => stat !== undefined);
  if (stats.length === 0) return { cpuMs: Number.NaN, rssBytes: Number.NaN };
  const sum = (read: (stat: string[]) => number) => stats.reduce((total, stat) => total + read(stat), 0);
  return {
    cpuMs: TICK_MS * sum((stat) => Number(stat[11]) + Number(stat[12])),
    rssBytes: PAGE_BYTES * sum((stat) => Number(stat[21])),
  };
}

/**
 * Fields of /proc/ID/stat, starting with the state (proc(5)): 1 parent, 11 and 12 CPU time in ticks, 21 memory in
 * pages.
 */
function statOf(id: number): string[] | undefined {
  const text = ofSystem(() => readFileSync(`/proc/${id}/stat`, 'utf8'), '');
  return text ? text.slice(text.lastIndexOf(')') + 2).split(' ') : undefined;
}

const commandLine = (id: number) => ofSystem(() => readFileSync(`/proc/${id}/cmdline`, 'utf8'), '');

/** Reads from /proc. Processes may end in the meantime, and some systems have no /proc. */
function ofSystem<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
