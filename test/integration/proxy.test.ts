import dns from 'node:dns';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { SCORE_LIMITS } from '@swipenet/shared/contract/score.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../extension/src/background/server/api-client.ts';
import { ProblemError } from '../../extension/src/background/server/problem.ts';
import { freePorts } from '../support/free-ports.ts';
import { findNginx, NGINX_ADVICE, type Nginx, startNginx } from '../support/nginx.ts';
import { formulaPhoto } from '../support/photos.ts';
import { RealServer } from '../support/real-server.ts';
import { ROOT } from '../support/source-files.ts';
import { selfSignedCertificate } from '../twins/certificate.ts';

// Real nginx with the configuration of docs/proxies.md, in front of the real server with the flags of that page, asked by
// the extension's own client.

const nginx = findNginx();
if (!nginx && process.env.CI) throw new Error(`the proxy test cannot run: ${NGINX_ADVICE}`);
if (!nginx) console.warn(`the proxy test is skipped: ${NGINX_ADVICE}`);

const NAME = 'swipenet.example';
const page = readFileSync(join(ROOT, 'docs/proxies.md'), 'utf8');

/** The documented blocks: one that redirects to https, and one that forwards to the server. */
const [redirecting = '', forwarding = ''] = page.match(/^ {4}server \{\n[\s\S]*?^ {4}\}$/gm) ?? [];

/** The documented flags of the server. */
const flags = /npm start -- (.*)/.exec(page)![1]!.split(' ');

/** Replaces parts of a documented block. Each of them must be there. */
function changed(block: string, replacements: Readonly<Record<string, string>>): string {
  for (const part of Object.keys(replacements)) expect(block).toContain(part);
  return Object.entries(replacements).reduce((text, [from, to]) => text.replaceAll(from, to), block);
}

/** Resolves the documented name to this machine, and only the names of this machine otherwise. */
const lookUp = (name: string, options: dns.LookupOptions, found: (error: null, at: dns.LookupAddress[]) => void) => {
  expect([NAME, 'localhost', '127.0.0.1']).toContain(name);
  expect(options.all).toBe(true);
  found(null, [{ address: '127.0.0.1', family: 4 }]);
};

describe.skipIf(!nginx)('a server behind nginx, as documented', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swipenet-nginx-'));
  const trusted = getCACertificates('default');
  let server: RealServer;
  let proxy: Nginx;
  let stuck: Server;
  let ports: Record<'plain' | 'tls' | 'small' | 'stuck', number>;
  let photo: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(lookUp as typeof dns.lookup);
    const starting = RealServer.start(flags);
    photo = new Uint8Array(await formulaPhoto(900, 800).png({ compressionLevel: 0 }).toBuffer());
    const { cert, key } = await selfSignedCertificate([NAME]);
    setDefaultCACertificates([...trusted, cert]);
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certPath, cert);
    writeFileSync(keyPath, key);
    stuck = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1'); // accepts everything, answers nothing
    const certificate = {
      '/etc/letsencrypt/live/swipenet.example/fullchain.pem': certPath,
      '/etc/letsencrypt/live/swipenet.example/privkey.pem': keyPath,
    };
    server = await starting;
    const [plain = 0, tls = 0, small = 0, waiting = 0] = await freePorts(4);
    ports = { plain, tls, small, stuck: waiting };
    const at = (port: number) => ({ 'listen 443 ssl': `listen 127.0.0.1:${port} ssl` });
    const real = { '127.0.0.1:8787': new URL(server.url).host };
    const hung = { '127.0.0.1:8787': `127.0.0.1:${(stuck.address() as { port: number }).port}` };
    const blocks = [
      changed(redirecting, { 'listen 80': `listen 127.0.0.1:${plain}` }),
      changed(forwarding, { ...certificate, ...at(tls), ...real }),
      changed(forwarding, { ...certificate, ...at(small), ...real, 'client_max_body_size 200m;': '' }),
      changed(forwarding, {
        ...certificate,
        ...at(waiting),
        ...hung,
        'proxy_read_timeout 60s': 'proxy_read_timeout 200ms',
      }),
    ];
    proxy = await startNginx(nginx!, folder, blocks.join('\n'), tls);
  });

  afterAll(async () => {
    vi.restoreAllMocks();
    setDefaultCACertificates(trusted);
    await proxy?.stop();
    await server?.remove();
    stuck?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The extension's client, for one of the proxy's ports. */
  function clientOf(port: keyof typeof ports, token = server.token): ApiClient {
    const address = `${port === 'plain' ? 'http' : 'https'}://${NAME}:${ports[port]}`;
    return new ApiClient({ address, token }, { fetch, deadline: (ms) => AbortSignal.timeout(ms) });
  }

  const profileOf = (...photos: readonly Uint8Array<ArrayBuffer>[]) => ({
    ...{ photos: photos.map((bytes) => ({ bytes })), photoCount: photos.length },
    ...({ threshold: null, priority: 'now', learn: false } as const),
  });

  const problemOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => (error instanceof ProblemError ? error.problem : error),
    );

  it('scores a profile of several megabytes, whose photos never reach the proxy’s disk', async () => {
    const { photos } = await clientOf('tls').score(profileOf(photo, photo, photo));
    expect(photos).toHaveLength(3);
    for (const scored of photos) expect(scored).toHaveProperty('like');
    expect(await proxy.log()).not.toContain('temporary file');
  });

  it('pairs a browser, whose token then works', async () => {
    const headers = { Authorization: `Bearer ${server.token}` };
    const answer = await fetch(`${server.url}${ROUTES.pairingCode.path}`, { method: 'POST', headers });
    const { code } = pairingCodeAnswerSchema.parse(await answer.json());
    const { token } = await clientOf('tls', '').pair({ code, name: 'a browser' });
    expect(token).not.toBe(server.token);
    expect((await clientOf('tls', token).model()).id).toBe('quality-int8');
  });

  it('passes on the server’s own errors, which the extension doesn’t take for the proxy’s', async () => {
    expect(await problemOf(clientOf('tls', 'wrong').score(profileOf(photo)))).toEqual({ reason: 'token_wrong' });
    const huge = new Uint8Array(SCORE_LIMITS.maxPhotoBytes + 1);
    expect(await problemOf(clientOf('tls').score(profileOf(huge)))).toMatchObject({
      reason: 'server_refused',
      detail: 'photo_too_large',
    });
  });

  it('names the limit of a proxy that refuses the photos, although the server seems connected', async () => {
    const client = clientOf('small');
    expect((await client.model()).id).toBe('quality-int8');
    expect(await problemOf(client.score(profileOf(photo)))).toEqual({ reason: 'proxy_body_limit', detail: '413' });
  });

  it('names a proxy that stops waiting', async () => {
    expect(await problemOf(clientOf('stuck').model())).toEqual({ reason: 'proxy_timeout', detail: '504' });
  });

  it('names the redirect if the address starts with http://', async () => {
    expect(await problemOf(clientOf('plain').model())).toEqual({ reason: 'proxy_redirect' });
  });

  it('names a proxy whose server is stopped', async () => {
    await server.stop();
    expect(await problemOf(clientOf('tls').model())).toEqual({ reason: 'proxy_no_server', detail: '502' });
  });
});
