import { generate } from 'selfsigned';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A certificate for some hosts, made anew at each start, so that no key lies in the repository and none expires. Nobody
 * trusts it: the browser is told to take any (`--ignore-certificate-errors`).
 */
export async function selfSignedCertificate(hosts: readonly [string, ...string[]]): Promise<Certificate> {
  const altNames = hosts.map((value) => ({ type: 2, value }) as const);
  const made = await generate([{ name: 'commonName', value: hosts[0] }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  return { key: made.private, cert: made.cert };
}
