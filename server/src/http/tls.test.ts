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
  it('are read, and none are where none were set', async () => {
    const { cert, key } = files(mine);
    const { fingerprint256: fingerprint } = new X509Certificate(mine.cert);
    expect(await readTls(cert, key)).toEqual({ ...mine, fingerprint });
    expect(await readTls(undefined, undefined)).toBe(undefined);
  });

  it('come together or not at all', async () => {
    const { cert, key } = files(mine);
    await expect(readTls(cert, undefined)).rejects.toMatchObject({ code: 'tls_invalid' });
    await expect(readTls(undefined, key)).rejects.toMatchObject({ code: 'tls_invalid' });
  });

  it.each<[string, () => { cert?: string; key?: string }, RegExp]>([
    ['that is not there', () => ({ key: mine.key }), /cert\.pem cannot be read \(ENOENT\)/],
    ['whose key is not there', () => ({ cert: mine.cert }), /key\.pem cannot be read \(ENOENT\)/],
    ['that is none', () => ({ ...mine, cert: 'hello' }), /cert\.pem is no PEM certificate/],
    ['whose key is none', () => ({ ...mine, key: 'hello' }), /key\.pem is no PEM private key/],
    ['whose key is another’s', () => ({ cert: mine.cert, key: other.key }), /key\.pem is not the key of/],
    [
      'whose chain is broken',
      () => ({ ...mine, cert: mine.cert + BROKEN }),
      /cert\.pem is no PEM certificate that TLS/,
    ],
    [
      'in the key’s place, and the other way round',
      () => ({ cert: mine.key, key: mine.cert }),
      /is no PEM certificate/,
    ],
  ])('a certificate %s is refused, and the line names the file', async (_, texts, message) => {
    const { cert, key } = files(texts());
    await expect(readTls(cert, key)).rejects.toMatchObject({
      code: 'tls_invalid',
      message: expect.stringMatching(message),
    });
  });
});
