/**
 * Returns the ID under which the server knows a profile: an HMAC-SHA256 of the site and the site's own ID, in hex. Nobody
 * without the key can tell whose it is.
 *
 * @param key 32 bytes as base64url, from pairing.
 */
export async function profileIdOf(site: string, profile: string, key: string): Promise<string> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('jwk', { kty: 'oct', k: key }, hmac, false, ['sign']);
  const signature = await crypto.subtle.sign(hmac, imported, new TextEncoder().encode(`${site}:${profile}`));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
