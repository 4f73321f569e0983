import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { type PhotoVerdict, parseVerdict, type Verdict } from '../messages.ts';
import { array, both, number, object, optional, type Parser, string } from '../parse.ts';
import { changeState, readState, type StoredState } from './stored-state.ts';

/** How many verdicts to keep: the profiles that a person might return to. Each new verdict rewrites the list of keys. */
const MAX_VERDICTS = 100;

/** A verdict and when it was asked for, in wall-clock time. Earlier versions didn't store the time. */
export type CachedVerdict = Verdict & { readonly scoredAtMs?: number | undefined };

const parseCached: Parser<CachedVerdict> = both(parseVerdict, object({ scoredAtMs: optional(number()) }));

/** Verdicts are stored one by one, so that a new one doesn't rewrite the others. */
const verdictOf = (key: string): StoredState<CachedVerdict | undefined> => ({
  area: 'session',
  key: `verdict.${key}`,
  parse: parseCached,
  migrations: [],
  initial: undefined,
});

/** The keys of the stored verdicts, newest last. */
const KEPT: StoredState<{ keys: string[] }> = {
  area: 'session',
  key: 'verdicts',
  parse: object({ keys: array(string()) }),
  migrations: [
    // 2: an object instead of the bare array
    (keys) => ({ keys: Object.values(keys) }),
  ],
  initial: { keys: [] },
};

/** Why a photo has no confidence. */
export type MissingPhoto = Extract<PhotoVerdict, { missing: unknown }>['missing'];

/** Everything that a verdict depends on. */
export interface VerdictBasis {
  /** The bytes of the profile's photos, in order. */
  readonly photos: readonly Uint8Array<ArrayBuffer>[];
  /** For each place in the profile, in the page's order: `sent`, or why the photo is missing. */
  readonly places: readonly ('sent' | MissingPhoto)[];
  readonly threshold: number;
  /** How the model decides. Older servers don't report it. */
  readonly rule: ModelAnswer['rule'];
  readonly model: string;
  readonly server: string;
}

/** Returns a cache key. It is a hash of hashes, so it reveals neither the photos nor where they came from. */
export async function verdictKey({ photos, ...rest }: VerdictBasis): Promise<string> {
  const hashes = await Promise.all(photos.map(sha256));
  return await sha256(new TextEncoder().encode(JSON.stringify([hashes, rest])));
}

/** Verdicts by {@link verdictKey}. They are in memory and outlive the worker. The oldest are removed first. */
export const confidenceCache = {
  /** Returns the verdict of a key, if it is stored. */
  get(key: string): Promise<CachedVerdict | undefined> {
    return readState(verdictOf(key));
  },

  /** Stores a verdict after its key. A worker that ends in between leaves a key without a verdict, never the reverse. */
  async set(key: string, verdict: Verdict, scoredAtMs: number): Promise<void> {
    await changeState(KEPT, async ({ keys }) => {
      const newest = [...keys.filter((known) => known !== key), key];
      const oldest = newest.splice(0, Math.max(0, newest.length - MAX_VERDICTS));
      for (const removed of oldest) await changeState(verdictOf(removed), () => undefined);
      return { keys: newest };
    });
    await changeState(verdictOf(key), () => ({ ...verdict, scoredAtMs }));
  },

  /** Removes the verdicts with a score ID that the server no longer knows, or all verdicts if there is none. */
  async forget(scoreId?: string): Promise<void> {
    const { keys } = await readState(KEPT);
    for (const key of keys) {
      await changeState(verdictOf(key), (verdict) =>
        scoreId === undefined || verdict?.scoreId === scoreId ? undefined : verdict,
      );
    }
  },
};

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
