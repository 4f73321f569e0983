import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { selfSignedCertificate } from '../twins/certificate.ts';

/** The fingerprint of the certificate that a new connection is shown. */
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
  it('is taken anew at SIGHUP; one that is broken leaves the old one serving, and the log says why', async () => {
    const home = temporaryFolder();
    const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')];
    const place = async () => {
      const made = await selfSignedCertificate(['localhost']);
      writeFileSync(cert, made.cert);
      writeFileSync(key, made.key);
      return new X509Certificate(made.cert).fingerprint256;
    };
    const first = await place();
    const server = await startServer(home, ['--tls-cert', cert, '--tls-key', key]);
    onTestFinished(async () => void (await server.stop()));
    const logged = (msg: string) => expect.poll(() => server.output.stderr, { timeout: 10_000 }).toContain(msg);
    expect(await shownBy(server.url)).toBe(first);

    writeFileSync(cert, 'half a certifi');
    server.child.kill('SIGHUP');
    await logged(`"msg":"certificate kept"`);
    expect(server.output.stderr).toContain(`${cert} is no PEM certificate`);
    expect(await shownBy(server.url)).toBe(first);

    const second = await place();
    server.child.kill('SIGHUP');
    await logged('certificate renewed');
    expect(await shownBy(server.url)).toBe(second);
    // The commands compare it with what the server left word of.
    expect(await runSwipenet(['status', '--json'], { home }).ended).toMatchObject({ code: 0, stderr: '' });
    expect((await server.stop()).code).toBe(0);
  });
});
