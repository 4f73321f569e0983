import browser from 'webextension-polyfill';
import * as z from 'zod/mini';
import { type PhotoVerdict, type Verdict, verdictSchema } from '../messages.ts';

/** Verdicts kept: what a person may come back to. Their list is written anew with each one, so it is short. */
const MAX_ENTRIES = 100;

const PREFIX = 'verdict.';
const ORDER = 'verdicts';

/** Why a photo has no confidence. */
export type MissingPhoto = Extract<PhotoVerdict, { missing: unknown }>['missing'];

/** Everything a verdict depends on. */
export interface VerdictBasis {
  /** The bytes of the profile's photos, in order. */
  readonly photos: readonly Uint8Array<ArrayBuffer>[];
  /** What stands where in the profile, in the page's order: a photo that is sent, or why one is not. */
  readonly places: readonly ('sent' | MissingPhoto)[];
  readonly threshold: number;
  readonly model: string;
  readonly server: string;
}

/** The cache's key: a hash of hashes, so that neither a photo nor where it came from can be told from it. */
export async function verdictKey({ photos, ...rest }: VerdictBasis): Promise<string> {
  const hashes = await Promise.all(photos.map(sha256));
  return await sha256(new TextEncoder().encode(JSON.stringify([hashes, rest])));
}

/**
 * Whole verdicts by what they depend on, in `storage.session`: memory that outlives the worker, and no disk. The oldest
 * go first.
 */
export class ConfidenceCache {
  /** The verdict of a key, where it is known. */
  async get(key: string): Promise<Verdict | undefined> {
    const stored = await browser.storage.session.get(PREFIX + key);
    return verdictSchema.safeParse(stored[PREFIX + key]).data;
  }

  /** Keeps a verdict. */
  async set(key: string, verdict: Verdict): Promise<void> {
    const stored = await browser.storage.session.get(ORDER);
    const order = [...(z.array(z.string()).safeParse(stored[ORDER]).data ?? []).filter((old) => old !== key), key];
    const old = order.splice(0, Math.max(0, order.length - MAX_ENTRIES));
    await browser.storage.session.set({ [PREFIX + key]: verdict, [ORDER]: order });
    if (old.length > 0) await browser.storage.session.remove(old.map((gone) => PREFIX + gone));
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
