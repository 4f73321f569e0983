import { randomBytes, timingSafeEqual } from 'node:crypto';
import { PAIRING_LIMITS } from '@swipenet/shared/contract/pair.ts';
import type { Taste } from '@swipenet/shared/contract/taste.ts';
import { sha256Digest } from '../../files/sha256.ts';

/** Crockford's base 32, without I, L, O and U. Typed letters that look like digits are read as those digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Returns a character for each random byte. */
export const readable = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** 8 characters are 40 random bits, far too many for five guesses. */
const CODE_LENGTH = 8;

export interface PairingWorld {
  /** Returns milliseconds since an arbitrary moment. Never goes back. */
  readonly now: () => number;
  /** Returns cryptographically secure random bytes. By default they come from the system. */
  readonly randomBytes?: (count: number) => Uint8Array;
}

/**
 * Issues one-time codes and checks them. Only the newest code is valid. A code becomes invalid when it is used, after
 * five minutes, or after five wrong attempts. Callers never learn why a code was rejected.
 */
export class PairingDesk {
  readonly #world: Required<PairingWorld>;
  #offer: { readonly digest: Buffer; readonly endsAtMs: number; readonly taste: Taste; attempts: number } | undefined;

  constructor(world: PairingWorld) {
    this.#world = { randomBytes, ...world };
  }

  /** Creates a code in the form that is shown: `7K3M-9QXD`. `taste` is whose taste the device's swipes belong to. */
  offer(taste: Taste): string {
    const code = readable(this.#world.randomBytes(CODE_LENGTH));
    const { codeLifeS, attempts } = PAIRING_LIMITS;
    this.#offer = { digest: sha256Digest(code), endsAtMs: this.#world.now() + codeLifeS * 1_000, taste, attempts };
    return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;
  }

  /**
   * Returns the offer if the text is the current code, and uses it up. Spaces, dashes and case don't matter. Returns
   * undefined for any other text.
   */
  redeem(typed: string): { readonly taste: Taste } | undefined {
    const offer = this.#offer;
    if (!offer) return undefined;
    const right = timingSafeEqual(sha256Digest(canonical(typed)), offer.digest);
    const inTime = this.#world.now() < offer.endsAtMs;
    offer.attempts -= 1;
    if (right || !inTime || offer.attempts === 0) this.#offer = undefined;
    return right && inTime ? { taste: offer.taste } : undefined;
  }
}

const canonical = (typed: string) =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
