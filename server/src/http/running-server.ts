import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';

const runningServerSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  pid: z.int().min(1),
  /** Where this machine reaches it. */
  url: z.url(),
  /** SHA-256 fingerprint of its certificate, as Node writes it; null without TLS. */
  certificate: z.string().nullable(),
});

/** How the server that runs with a home folder is reached from its own machine: `server.json` there. */
export type RunningServer = z.infer<typeof runningServerSchema>;

const pathIn = (home: string) => join(home, 'server.json');

/**
 * Leaves word that a server runs with this home, for commands such as `swipenet pair`.
 *
 * @returns the function that takes the word back; another server's is left there.
 * @throws SwipenetError `home_unusable`.
 */
export async function announceServer(
  home: string,
  server: Omit<RunningServer, 'format'>,
): Promise<() => Promise<void>> {
  const path = pathIn(home);
  const draft = `${path}.${server.pid}.draft`;
  try {
    await writeFile(draft, `${JSON.stringify({ format: 1, ...server } satisfies RunningServer)}\n`, { mode: 0o600 });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {}); // the reason why it failed is what counts
    throw new SwipenetError('home_unusable', `${path} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
  return async () => {
    if ((await readServer(home))?.pid === server.pid) await unlink(path).catch(() => {}); // it is gone already
  };
}

/** The server that runs with this home; undefined where none does, or one was killed and left its word behind. */
export async function findServer(home: string): Promise<RunningServer | undefined> {
  const server = await readServer(home);
  return server && isAlive(server.pid) ? server : undefined;
}

async function readServer(home: string): Promise<RunningServer | undefined> {
  const text = await readFile(pathIn(home), 'utf8').catch(() => '');
  try {
    return runningServerSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // none, or of another version of Swipenet
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
