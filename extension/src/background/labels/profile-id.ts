const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/**
 * Returns the ID under which the server knows a profile: an HMAC-SHA256 of the site and the site's own ID, in hex. Nobody
 * without the key can tell whose it is.
 *
 * @param key 32 bytes as base64url, from pairing.
 */
export async function profileIdOf(site: string, profile: string, key: string): Promise<string> {
  const imported = await crypto.subtle.importKey('jwk', { kty: 'oct', k: key }, HMAC, false, ['sign']);
  return await keyedHashOf(site, profile, imported);
}

/** Returns the HMAC-SHA256 of a site and of the site's own ID of a profile, in hex. */
export async function keyedHashOf(site: string, profile: string, key: CryptoKey): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${site}:${profile}`));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
