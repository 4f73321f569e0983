import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type Certificate, selfSignedCertificate } from '../../../test/twins/certificate.ts';
import { readTls } from './tls.ts';

let mine: Certificate;
let other: Certificate;
beforeAll(async () => {
  [mine, other] = await Promise.all([selfSignedCertificate(['localhost']), selfSignedCertificate(['localhost'])]);
});

function files(texts: { cert?: string; key?: string }) {
  const folder = temporaryFolder();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  if (texts.cert !== undefined) writeFileSync(cert, texts.cert);
  if (texts.key !== undefined) writeFileSync(key, texts.key);
  return { cert, key };
}

const BROKEN = '\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

describe('certificate and key', () => {
  it('are read if they are set', async () => {
    const { cert, key } = files(mine);
    const { fingerprint256: fingerprint } = new X509Certificate(mine.cert);
    expect(await readTls(cert, key)).toEqual({ ...mine, fingerprint });
    expect(await readTls(undefined, undefined)).toBe(undefined);
  });

  it('must be set together', async () => {
    const { cert, key } = files(mine);
    await expect(readTls(cert, undefined)).rejects.toMatchObject({ code: 'tls_invalid' });
    await expect(readTls(undefined, key)).rejects.toMatchObject({ code: 'tls_invalid' });
  });

  it.each<[string, () => { cert?: string; key?: string }, RegExp]>([
    ['the certificate is missing', () => ({ key: mine.key }), /cannot read .*cert\.pem \(ENOENT\)/],
    ['the key is missing', () => ({ cert: mine.cert }), /cannot read .*key\.pem \(ENOENT\)/],
    ['the certificate isn’t PEM', () => ({ ...mine, cert: 'hello' }), /cert\.pem is not a PEM certificate/],
    ['the key isn’t PEM', () => ({ ...mine, key: 'hello' }), /key\.pem is not a PEM private key/],
    [
      'the key belongs to another certificate',
      () => ({ cert: mine.cert, key: other.key }),
      /key\.pem does not belong to/,
    ],
    [
      'the chain is broken',
      () => ({ ...mine, cert: mine.cert + BROKEN }),
      /cert\.pem is not a PEM certificate that TLS accepts/,
    ],
    ['certificate and key are swapped', () => ({ cert: mine.key, key: mine.cert }), /is not a PEM certificate/],
  ])('are rejected with the file’s name if %s', async (_, texts, message) => {
    const { cert, key } = files(texts());
    await expect(readTls(cert, key)).rejects.toMatchObject({
      code: 'tls_invalid',
      message: expect.stringMatching(message),
    });
  });
});
