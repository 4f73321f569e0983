import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { selfSignedCertificate } from '../twins/certificate.ts';

/** Returns the fingerprint of the certificate that a new connection gets. */
function shownBy(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate().fingerprint256);
    socket.destroy();
  }).once('error', reject);
  return promise;
}

describe.skipIf(process.platform === 'win32')('a server’s certificate', () => {
  it('is reloaded on SIGHUP; if the new one is broken, the old one stays and the log says why', async () => {
    const home = temporaryFolder();
    const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')];
    const place = async () => {
      const created = await selfSignedCertificate(['localhost']);
      writeFileSync(cert, created.cert);
      writeFileSync(key, created.key);
      return new X509Certificate(created.cert).fingerprint256;
    };
    const first = await place();
    const server = await startServer(home, ['--tls-cert', cert, '--tls-key', key]);
    onTestFinished(async () => void (await server.stop()));
    const logged = (msg: string) => expect.poll(() => server.output.stderr, { timeout: 10_000 }).toContain(msg);
    expect(await shownBy(server.url)).toBe(first);

    writeFileSync(cert, 'half a certifi');
    server.child.kill('SIGHUP');
    await logged(`"msg":"certificate not renewed"`);
    expect(server.output.stderr).toContain(`${cert} is not a PEM certificate`);
    expect(await shownBy(server.url)).toBe(first);

    const second = await place();
    server.child.kill('SIGHUP');
    await logged('certificate renewed');
    expect(await shownBy(server.url)).toBe(second);
    // Commands compare the certificate with the one that the server announced.
    expect(await runSwipenet(['status', '--json'], { home }).ended).toMatchObject({ code: 0, stderr: '' });
    expect((await server.stop()).code).toBe(0);
  });
});
