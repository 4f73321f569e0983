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
  /** The address that works on this machine. */
  url: z.url(),
  /** SHA-256 fingerprint of the certificate in Node's format, or null without TLS. */
  certificate: z.string().nullable(),
  /** When the server started listening. */
  since: z.iso.datetime(),
});

/** How to reach a server that uses a home folder from its own machine. It is the content of `servers/PID.json`. */
export type RunningServer = z.infer<typeof runningServerSchema>;

const FILE = /^(\d+)\.json$/;

/**
 * How long to wait for a connection. A server that doesn't accept or refuse one in this time counts as busy, not dead.
 */
const CONNECT_MS = 2_000;

/**
 * Announces a running server to commands such as `swipenet pair` by writing its file. The server must already be
 * listening. Deletes the files of servers that were killed. Another server that is still running keeps its file, and
 * commands continue to use the server that started first.
 *
 * @returns `retract`, which deletes the file, and the server that commands use if it is another one.
 * @throws CommandError `home_unusable`.
 */
export async function announceServer(
  home: Home,
  server: Omit<RunningServer, 'format'>,
): Promise<{ retract: () => Promise<void>; first: RunningServer | undefined }> {
  const path = home.server(server.pid);
  try {
    await mkdir(home.servers, { mode: 0o700 }).catch(ignoreExisting);
    const text = `${JSON.stringify({ format: 1, ...server } satisfies RunningServer)}\n`;
    await writeWhole(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new CommandError('home_unusable', `cannot write ${path} (${systemCodeOf(cause)})`, { cause });
  }
  const remove = (pid: number) => rm(home.server(pid), { force: true }).catch(() => {}); // another process may have deleted it
  for (const other of await readServers(home)) {
    if (other.pid !== server.pid && !(await isStillRunning(other, server.url))) await remove(other.pid);
  }
  const first = await findServer(home);
  return { retract: () => remove(server.pid), first: first?.pid === server.pid ? undefined : first };
}

function ignoreExisting(error: unknown): void {
  if (systemCodeOf(error) !== 'EEXIST') throw error;
}

/**
 * Finds the server that commands with this home folder use, which is the one that started first. Returns undefined if
 * none is running.
 */
export async function findServer(home: Home): Promise<RunningServer | undefined> {
  return (await findServers(home))[0];
}

/**
 * Finds the running servers of this home folder, in the order they started. Skips the files of servers that were
 * killed.
 */
export async function findServers(home: Home): Promise<RunningServer[]> {
  return (await readServers(home)).filter(({ pid }) => isAlive(pid));
}

async function readServers(home: Home): Promise<RunningServer[]> {
  const names = await readdir(home.servers).catch(() => []); // without a folder, no server ever ran
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
    return undefined; // written by another version of Swipenet, or just deleted
  }
}

/**
 * Returns true if the process is alive. Tokens go only to live servers, because another program may use the port of a
 * dead one.
 */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'; // alive, but run by another user
  }
}

/**
 * Returns true if another server is still running. After a kill its process ID may be reused, which happens quickly in
 * containers. So a server also counts as dead if its address is now our own or refuses connections.
 */
async function isStillRunning({ pid, url }: RunningServer, ownUrl: string): Promise<boolean> {
  return isAlive(pid) && url !== ownUrl && (await acceptsConnections(url));
}

function acceptsConnections(url: string): Promise<boolean> {
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
