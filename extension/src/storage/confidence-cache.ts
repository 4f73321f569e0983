import { type PhotoVerdict, parseVerdict, type Verdict } from '../messages.ts';
import { array, object, string } from '../parse.ts';
import { changeState, readState, type StoredState } from './stored-state.ts';

/** Verdicts kept: what a person may come back to. The list of their keys is written with each one, so it is short. */
const MAX_VERDICTS = 100;

/** Each verdict is stored on its own, so that keeping one doesn't rewrite the others. */
const verdictOf = (key: string): StoredState<Verdict | undefined> => ({
  area: 'session',
  key: `verdict.${key}`,
  parse: parseVerdict,
  migrations: [],
  initial: undefined,
});

/** Which verdicts are stored, the newest at the end. */
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

/** Whole verdicts by what they depend on. They outlive the worker, in memory; the oldest go first. */
export const confidenceCache = {
  /** The verdict of a key, if it is known. */
  get(key: string): Promise<Verdict | undefined> {
    return readState(verdictOf(key));
  },

  /** Keeps a verdict. A worker that dies in between leaves a key without a verdict, never a verdict without its key. */
  async set(key: string, verdict: Verdict): Promise<void> {
    await changeState(KEPT, async ({ keys }) => {
      const newest = [...keys.filter((known) => known !== key), key];
      const old = newest.splice(0, Math.max(0, newest.length - MAX_VERDICTS));
      for (const gone of old) await changeState(verdictOf(gone), () => undefined);
      return { keys: newest };
    });
    await changeState(verdictOf(key), () => verdict);
  },
};

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
