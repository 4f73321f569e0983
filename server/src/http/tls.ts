import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';

/** A certificate with its chain, and its key, both as PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate itself, as Node writes it. */
  readonly fingerprint: string;
}

/**
 * Reads the certificate and the key that were set; undefined where neither was.
 *
 * @throws CommandError `tls_invalid`, naming the file: only one was set, it cannot be read, it or its chain is none, the key is
 *   locked by a passphrase or is another certificate's.
 */
export async function readTls(certPath: string | undefined, keyPath: string | undefined): Promise<Tls | undefined> {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath === undefined) throw new CommandError('tls_invalid', '--tls-key is set and --tls-cert is not');
  if (keyPath === undefined) throw new CommandError('tls_invalid', '--tls-cert is set and --tls-key is not');
  const cert = await read(certPath);
  const key = await read(keyPath);
  const certificate = parse(certPath, 'certificate', () => new X509Certificate(cert));
  const privateKey = parse(keyPath, 'private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CommandError('tls_invalid', `${keyPath} is not the key of the certificate ${certPath}`);
  }
  parse(certPath, 'certificate that TLS takes', () => createSecureContext({ cert, key })); // its chain, too
  return { cert, key, fingerprint: certificate.fingerprint256 };
}

const read = (path: string) =>
  readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('tls_invalid', `${path} cannot be read (${systemCodeOf(cause)})`, { cause });
  });

function parse<Parsed>(path: string, what: string, parsePem: () => Parsed): Parsed {
  try {
    return parsePem();
  } catch (cause) {
    throw new CommandError('tls_invalid', `${path} is no PEM ${what}`, { cause });
  }
}
