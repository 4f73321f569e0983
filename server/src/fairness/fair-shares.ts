/** The name of the caller with the local token: the server's owner. Other callers are paired devices, by their ID. */
export const OWNER = 'local';

/**
 * Divides a capacity among callers, so that no device can take everything. Half of it is reserved for the owner, who may
 * also use what is free of the other half. Each device may hold some times what it leaves free of that half for other
 * devices (`greed`): with 1, one device alone gets half of it, and with 4, four fifths. There is always something left for
 * the next one.
 *
 * These are the dynamic thresholds of Choudhury and Hahne (1998), which divide the memory of network switches.
 */
export class FairShares {
  readonly #capacity: number;
  readonly #greed: number;
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(capacity: number, { greed }: { readonly greed: number }) {
    this.#capacity = capacity;
    this.#greed = greed;
  }

  /** How much all callers hold. */
  get total(): number {
    return this.#total;
  }

  /** Returns true if another amount is within a caller's share. */
  hasRoom(caller: string, amount: number): boolean {
    const free = this.#capacity - this.#total - amount;
    if (caller === OWNER) return free >= 0;
    const freeForDevices = Math.min(free, this.#capacity / 2 - (this.#total - this.#heldBy(OWNER)) - amount);
    return freeForDevices >= 0 && this.#heldBy(caller) + amount <= this.#greed * freeForDevices;
  }

  /** Takes an amount for a caller if that is within its share. Returns whether it did. */
  take(caller: string, amount: number): boolean {
    if (!this.hasRoom(caller, amount)) return false;
    this.#held.set(caller, this.#heldBy(caller) + amount);
    this.#total += amount;
    return true;
  }

  /** Gives back what a caller took. */
  release(caller: string, amount: number): void {
    const held = this.#heldBy(caller) - amount;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
    this.#total -= amount;
  }

  #heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }
}
