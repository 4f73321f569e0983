import { randomBytes, timingSafeEqual } from 'node:crypto';
import { PAIRING_REQUEST_LIMITS, type PairAskAnswer } from '@swipenet/shared/contract/pair.ts';
import type { SessionPairingsAnswer } from '@swipenet/shared/contract/session.ts';
import { sha256Digest } from '../../files/sha256.ts';
import { type PairingWorld, readable } from './pairing-desk.ts';

/** 4 characters are enough to tell the few browsers that wait at once apart. Nobody can choose them. */
const CHECK_LENGTH = 4;

/** A browser as the person sees it on the start page. */
type ShownPairing = SessionPairingsAnswer['pairings'][number];

interface PairingRequest extends Omit<ShownPairing, 'state'> {
  state: ShownPairing['state'];
  readonly secretDigest: Buffer;
  readonly endsAtMs: number;
}

/**
 * The browsers that want to connect without a code. Any program of this machine can ask, and the person decides on the
 * start page. A request ends three minutes after it was made, whatever its state. If more wait than allowed, the oldest
 * is dropped: a browser that asks again is always seen.
 */
export class PairingRequests {
  readonly #world: Required<PairingWorld>;
  /** Oldest first. */
  #requests: readonly PairingRequest[] = [];

  constructor(world: PairingWorld) {
    this.#world = { randomBytes, ...world };
  }

  /** Adds a request. `origin` is the extension's, or null. */
  ask(about: Pick<ShownPairing, 'name' | 'origin'>): PairAskAnswer {
    const { lifeS, waiting } = PAIRING_REQUEST_LIMITS;
    const id = Buffer.from(this.#world.randomBytes(8)).toString('hex');
    const secret = Buffer.from(this.#world.randomBytes(32)).toString('base64url');
    const check = readable(this.#world.randomBytes(CHECK_LENGTH));
    const endsAtMs = this.#world.now() + lifeS * 1_000;
    const request: PairingRequest = {
      ...{ id, ...about, check, state: 'waiting', secretDigest: sha256Digest(secret), endsAtMs },
    };
    this.#requests = [...this.#current(), request].slice(-waiting);
    return { id, secret, check, expiresInS: lifeS };
  }

  /** Lists all requests that haven't ended, oldest first. */
  list(): readonly ShownPairing[] {
    return this.#current().map(({ id, name, origin, check, state }) => ({ id, name, origin, check, state }));
  }

  /** Allows or denies a request. Returns false if none with this ID waits for a decision. */
  decide(id: string, allow: boolean): boolean {
    const request = this.#current().find((one) => one.id === id && one.state === 'waiting');
    if (request) request.state = allow ? 'allowed' : 'denied';
    return request !== undefined;
  }

  /**
   * Tells the holder of a request's secret what was decided. If it was allowed, `give` is called, once: a request that has
   * been claimed is unknown. Undefined means that there is no such request.
   *
   * @param give gives the browser its token. If it fails, the request can be claimed again.
   */
  async claim<Given>(
    { id, secret }: Pick<PairAskAnswer, 'id' | 'secret'>,
    give: (about: Pick<ShownPairing, 'name' | 'origin'>) => Promise<Given>,
  ): Promise<'waiting' | 'denied' | { readonly given: Given } | undefined> {
    const request = this.#current().find((one) => one.id === id);
    if (!request || !timingSafeEqual(sha256Digest(secret), request.secretDigest)) return undefined;
    if (request.state === 'connected') return undefined;
    if (request.state !== 'allowed') return request.state;
    request.state = 'connected'; // before anything is awaited, so that a second claim comes too late
    try {
      return { given: await give(request) };
    } catch (error) {
      request.state = 'allowed';
      throw error;
    }
  }

  #current(): readonly PairingRequest[] {
    const now = this.#world.now();
    this.#requests = this.#requests.filter(({ endsAtMs }) => now < endsAtMs);
    return this.#requests;
  }
}
