import { createHmac } from 'node:crypto';

/** One end of a connection. Parts that the system doesn't know are undefined. */
export interface Endpoint {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/**
 * Computes what `GET /v1/proof` returns, in hex: HMAC-SHA256 with the local token as the key. A command computes the
 * same and compares, so a program that took over a server's port learns nothing and gets no token.
 *
 * The server's end of the connection is part of it. Otherwise such a program could pass the nonce on to another server
 * of the same home folder, and pass its proof back.
 */
export function serverProof(token: string, nonce: string, { address, port }: Endpoint): string {
  return createHmac('sha256', token)
    .update(`swipenet proof 1\n${nonce}\n${plainAddress(address)}\n${port}`)
    .digest('hex');
}

/** Strips the prefix that a dual-stack socket adds to IPv4 addresses (`::ffff:127.0.0.1`). */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
