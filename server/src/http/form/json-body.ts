import type { Context } from 'hono';
import type { AppEnv } from '../dependencies.ts';
import { bodyTooLarge } from '../guards/bounded-body.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** The most bytes of a JSON body, which has a few fields. */
export const MAX_JSON_BYTES = 16 * 1024;

/**
 * Reads a request's body as JSON. Returns undefined if it isn't JSON. Throws if the body is too large or too slow, or the
 * client disconnects.
 */
export async function readJson(context: Context<AppEnv>): Promise<unknown> {
  const bytes = new GrowingBytes();
  for await (const chunk of context.get('body')) {
    if (bytes.length + chunk.length > MAX_JSON_BYTES) throw bodyTooLarge(MAX_JSON_BYTES);
    bytes.append(chunk);
  }
  try {
    return JSON.parse(bytes.text());
  } catch {
    return undefined;
  }
}
