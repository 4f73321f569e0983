import type { Priority } from '@swipenet/shared/contract/score.ts';
import { OWNER } from './fair-shares.ts';

/** Whose an item is, and how urgent. */
export interface Turn {
  readonly caller: string;
  readonly priority: Priority;
}

/**
 * Items that wait, in the order of their turns. The owner has every second turn, and the devices take the other turns in
 * rotation. So a device that queues hundreds of items delays nobody else by more than its own turns. Among the items of
 * one caller, `now` goes before `ahead`, and then the oldest first.
 *
 * Callers go before priorities, because anyone can claim that all of their items are urgent.
 */
export class TurnQueue<Item> {
  /** In the order of turns, except for the owner's. A caller without items isn't in it. */
  readonly #waiting = new Map<string, Record<Priority, Set<Item>>>();
  #ownerIsNext = true;

  /** The number of items, of one priority or of both. */
  count(...priorities: Priority[]): number {
    const counted: Priority[] = priorities.length > 0 ? priorities : ['now', 'ahead'];
    let count = 0;
    for (const items of this.#waiting.values()) for (const priority of counted) count += items[priority].size;
    return count;
  }

  /** Returns all items, in no particular order. */
  *[Symbol.iterator](): Generator<Item> {
    for (const { now, ahead } of this.#waiting.values()) yield* [...now, ...ahead];
  }

  add(item: Item, { caller, priority }: Turn): void {
    const items = this.#waiting.get(caller) ?? { now: new Set(), ahead: new Set() };
    this.#waiting.set(caller, items);
    items[priority].add(item);
  }

  delete(item: Item, { caller, priority }: Turn): void {
    const items = this.#waiting.get(caller);
    if (!items) return;
    items[priority].delete(item);
    if (items.now.size + items.ahead.size === 0) this.#waiting.delete(caller);
  }

  /** Removes the item whose turn it is and returns it, with its turn. Skips callers whose next item isn't accepted. */
  next(accepts: (turn: Turn) => boolean = () => true): { item: Item; turn: Turn } | undefined {
    const devices = [...this.#waiting.keys()].filter((caller) => caller !== OWNER);
    const callers = this.#ownerIsNext ? [OWNER, ...devices] : [...devices, OWNER];
    for (const caller of callers) {
      const items = this.#waiting.get(caller);
      if (!items) continue;
      const priority = items.now.size > 0 ? 'now' : 'ahead';
      const turn = { caller, priority } as const;
      if (!accepts(turn)) continue;
      const [item] = items[priority];
      this.#waiting.delete(caller); // and add it at the end, for the next round
      this.#waiting.set(caller, items);
      this.delete(item!, turn);
      this.#ownerIsNext = caller !== OWNER;
      return { item: item!, turn };
    }
    return undefined;
  }
}
