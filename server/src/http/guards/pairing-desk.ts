import { randomBytes, timingSafeEqual } from 'node:crypto';
import { PAIRING_LIMITS } from '@swipenet/shared/contract/pair.ts';
import { sha256Digest } from '../../files/sha256.ts';

/** Without I, L, O and U (Crockford's base 32): what is typed for them is understood all the same. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 40 random bits, of which five guesses find nothing. */
const CODE_LENGTH = 8;

/** What a desk needs of the world. */
export interface PairingWorld {
  /** Milliseconds since some moment, never going back. */
  readonly now: () => number;
  /** Random bytes from a source fit for keys; the machine's own unless given. */
  readonly randomBytes?: (count: number) => Uint8Array;
}

/**
 * Hands out one-time codes and takes them back. There is one code at a time: a new one ends the one before. A code ends
 * by being used, after five minutes, and with the fifth wrong one; why it was refused is nobody's to know.
 */
export class PairingDesk {
  readonly #world: Required<PairingWorld>;
  #offer: { readonly digest: Buffer; readonly endsAtMs: number; attempts: number } | undefined;

  constructor(world: PairingWorld) {
    this.#world = { randomBytes, ...world };
  }

  /** A new code, as it is shown: `7K3M-9QXD`. */
  offer(): string {
    const code = Array.from(this.#world.randomBytes(CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    const { codeLifeS, attempts } = PAIRING_LIMITS;
    this.#offer = { digest: sha256Digest(code), endsAtMs: this.#world.now() + codeLifeS * 1_000, attempts };
    return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;
  }

  /** True for the code that is on offer, which is used by it; spaces, dashes and case do not matter. */
  redeem(typed: string): boolean {
    const offer = this.#offer;
    if (!offer) return false;
    const right = timingSafeEqual(sha256Digest(canonical(typed)), offer.digest);
    const inTime = this.#world.now() < offer.endsAtMs;
    offer.attempts -= 1;
    if (right || !inTime || offer.attempts === 0) this.#offer = undefined;
    return right && inTime;
  }
}

const canonical = (typed: string) =>
  typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
