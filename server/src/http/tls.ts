import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';

/** A certificate with its chain, and its private key, both in PEM format. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
  /** The SHA-256 fingerprint of the certificate, in Node's format. */
  readonly fingerprint: string;
}

/**
 * Reads the certificate and the key. Returns undefined if neither is set.
 *
 * @throws CommandError `tls_invalid`, naming the file, if only one is set, a file can't be read or isn't PEM, the chain
 *   is broken, or the key has a passphrase or belongs to another certificate.
 */
export async function readTls(certPath: string | undefined, keyPath: string | undefined): Promise<Tls | undefined> {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath === undefined) throw new CommandError('tls_invalid', '--tls-key is set, but --tls-cert is not');
  if (keyPath === undefined) throw new CommandError('tls_invalid', '--tls-cert is set, but --tls-key is not');
  const cert = await read(certPath);
  const key = await read(keyPath);
  const certificate = parse(certPath, 'certificate', () => new X509Certificate(cert));
  const privateKey = parse(keyPath, 'private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CommandError('tls_invalid', `${keyPath} does not belong to the certificate ${certPath}`);
  }
  parse(certPath, 'certificate that TLS accepts', () => createSecureContext({ cert, key })); // checks its chain too
  return { cert, key, fingerprint: certificate.fingerprint256 };
}

const read = (path: string) =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('tls_invalid', `cannot read ${path} (${systemCodeOf(cause)})`, { cause });
  });

function parse<Parsed>(path: string, what: string, parsePem: () => Parsed): Parsed {
  try {
    return parsePem();
  } catch (cause) {
    throw new CommandError('tls_invalid', `${path} is not a PEM ${what}`, { cause });
  }
}
