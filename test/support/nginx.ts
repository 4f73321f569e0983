import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findOrInstall, firstProgram, pathsOf } from './debian-program.ts';

/** What to do if nginx is missing. */
export const NGINX_ADVICE =
  'nginx not found; install it (Debian, Ubuntu: sudo apt-get install nginx-light; macOS: brew install nginx)';

/** Returns the path of nginx. On Debian, only root has its folder in the PATH. */
export const findNginx = (): string | undefined => firstProgram(['/usr/sbin/nginx', ...pathsOf(['nginx'])]);

/** Vitest's global setup of the tests with nginx: installs it if it is missing and this runs as root on Debian. */
export function setup(): void {
  findOrInstall(findNginx, 'nginx-light');
}

/** A running nginx that has nothing to do with one of the system. */
export interface Nginx {
  /** Returns what nginx has logged: warnings and errors. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts nginx with these `server` blocks and waits until it listens on `port`. Everything that it writes is in `folder`.
 * Throws with its output if it can't use them.
 */
export async function startNginx(program: string, folder: string, servers: string, port: number): Promise<Nginx> {
  const log = join(folder, 'error.log');
  const config = join(folder, 'nginx.conf');
  await mkdir(join(folder, 'tmp'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path tmp/${of};`);
  await writeFile(
    config,
    `daemon off; master_process off; pid nginx.pid; error_log ${log} warn;
    events {}
    http { access_log off; ${temporary.join(' ')}\n${servers}\n}`,
  );
  const child = spawn(program, ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
    await delay(10);
  }
  return {
    log: () => readFile(log, 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1')
    .once('connect', () => {
      socket.destroy();
      resolve(true);
    })
    .once('error', () => resolve(false));
  return promise;
}
