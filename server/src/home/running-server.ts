import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';

const runningServerSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  pid: z.int().min(1),
  /** Where this machine reaches it. */
  url: z.url(),
  /** SHA-256 fingerprint of its certificate, as Node writes it; null without TLS. */
  certificate: z.string().nullable(),
  /** When it began to listen. */
  since: z.iso.datetime(),
});

/** How a server that runs with a home folder is reached from its own machine: `servers/PID.json` there. */
export type RunningServer = z.infer<typeof runningServerSchema>;

const FILE = /^(\d+)\.json$/;

/** A server whose address takes no answer within this is taken for one that is busy. */
const CONNECT_MS = 2_000;

/**
 * Leaves word that a server runs with this home, for commands such as `swipenet pair`; it listens already. What servers
 * left that were killed is removed; one that runs keeps its word, and the commands go on speaking to the first.
 *
 * @returns the function that takes the word back, and the server that the commands speak to where it is another one.
 * @throws CommandError `home_unusable`.
 */
export async function announceServer(
  home: Home,
  server: Omit<RunningServer, 'format'>,
): Promise<{ takeBack: () => Promise<void>; first: RunningServer | undefined }> {
  const path = home.server(server.pid);
  try {
    await mkdir(home.servers, { mode: 0o700 }).catch(unlessThere);
    const text = `${JSON.stringify({ format: 1, ...server } satisfies RunningServer)}\n`;
    await writeWhole(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new CommandError('home_unusable', `${path} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
  const remove = (pid: number) => rm(home.server(pid), { force: true }).catch(() => {}); // it is gone already
  for (const other of await readServers(home)) {
    if (other.pid !== server.pid && !(await runsBeside(other, server.url))) await remove(other.pid);
  }
  const first = await findServer(home);
  return { takeBack: () => remove(server.pid), first: first?.pid === server.pid ? undefined : first };
}

function unlessThere(error: unknown): void {
  if (systemCodeOf(error) !== 'EEXIST') throw error;
}

/** The server that commands of this home speak to: of those that run the first; undefined where none does. */
export async function findServer(home: Home): Promise<RunningServer | undefined> {
  return (await findServers(home))[0];
}

/** The servers that run with this home, the first first; one that was killed and left its word behind is none. */
export async function findServers(home: Home): Promise<RunningServer[]> {
  return (await readServers(home)).filter(({ pid }) => isAlive(pid));
}

async function readServers(home: Home): Promise<RunningServer[]> {
  const names = await readdir(home.servers).catch(() => []); // no folder: none ever ran
  const pids = names.flatMap((name) => FILE.exec(name)?.[1] ?? []).map(Number);
  const servers = await Promise.all(pids.map((pid) => readServer(home.server(pid))));
  return servers
    .filter((server) => server !== undefined)
    .toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since) || one.pid - other.pid);
}

async function readServer(path: string): Promise<RunningServer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return runningServerSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // of another version of Swipenet, or it ended just now
  }
}

/** Before a token is sent there: the port may be somebody else's by now. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'; // alive, and another user's
  }
}

/**
 * Whether a server runs beside one that listens on `ownUrl`. After a kill its process's number may be another process's
 * (in a container soon); it is dead all the same where its address is our own by now or takes no connection.
 */
async function runsBeside({ pid, url }: RunningServer, ownUrl: string): Promise<boolean> {
  return isAlive(pid) && url !== ownUrl && (await takesConnections(url));
}

function takesConnections(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    timeout: CONNECT_MS,
  });
  socket
    .on('connect', () => resolve(true))
    .on('timeout', () => resolve(true))
    .on('error', (error) => resolve(systemCodeOf(error) !== 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}
