import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';

const FORWARDER = fileURLToPath(new URL('../fixtures/forward-to-socket.ts', import.meta.url));

/** Says why this machine can't run a program without a network, or returns `undefined`. */
export function whyNoNamespace(): string | undefined {
  const { status, error } = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']);
  return status === 0 ? undefined : `no network namespaces here: ${error?.message ?? `unshare ended with ${status}`}`;
}

/** How a program ended. */
interface Ended {
  readonly code: number | null;
  /** Everything that it printed. */
  readonly output: string;
  /** The hosts that it asked for through the proxy and didn't get. */
  readonly refused: readonly string[];
}

/**
 * Runs a shell command in a network namespace of its own, where npm's registry is all that can be reached: npm gets to it
 * through a proxy that refuses every other host, and nothing else has a way out.
 *
 * @param folder where the command runs, and where the proxy's socket is meanwhile.
 */
export async function withRegistryOnly(
  command: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  const registry = new URL(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim());
  const allowed = `${registry.hostname}:${registry.port || 443}`;
  const refused: string[] = [];
  const proxy = createServer((request, response) => {
    refused.push(request.url ?? '');
    response.writeHead(403).end();
  });
  proxy.on('connect', ({ url = '' }, inside, head) => {
    if (url !== allowed) {
      refused.push(url);
      inside.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const outside = connect(Number(allowed.split(':')[1]), registry.hostname, () => {
      inside.write('HTTP/1.1 200 OK\r\n\r\n');
      outside.write(head);
      pipeline(inside, outside, inside, () => {}); // npm sees a broken connection itself
    });
    outside.on('error', () => inside.destroy());
  });
  const socket = join(folder, 'proxy.sock');
  proxy.listen(socket);
  await once(proxy, 'listening');
  try {
    const script = [
      'ip link set lo up',
      `coproc "${process.execPath}" "${FORWARDER}" "${socket}"`,
      'read -r <&"$' + '{COPROC[0]}"',
      `(${command})`,
      'code=$?',
      'kill "$COPROC_PID"',
      'exit $code',
    ].join('\n');
    const inside = { npm_config_proxy: 'http://127.0.0.1:8080', npm_config_https_proxy: 'http://127.0.0.1:8080' };
    const child = spawn('unshare', ['-rn', 'bash', '-c', script], {
      cwd: folder,
      env: { ...environment, ...inside },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, refused };
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}
