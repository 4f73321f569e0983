/** How many items each of several runners is running. */
export class RunnerLoads<Runner extends object> {
  /** Only of those that run any. */
  readonly #items = new Map<Runner, number>();

  /** Counts items that a runner begins. A negative number are items that it has ended. */
  add(runner: Runner, items: number): void {
    const running = this.#of(runner) + items;
    if (running > 0) this.#items.set(runner, running);
    else this.#items.delete(runner);
  }

  /** Returns the idle runner with the fewest items, and of several the one that was idle first. */
  least(idle: readonly Runner[]): Runner | undefined {
    return idle.toSorted((one, other) => this.#of(one) - this.#of(other))[0];
  }

  /** Returns how many items a runner is short of an even share of all items, waiting and running. It may be negative. */
  share(runner: Runner, idle: readonly Runner[], waiting: number): number {
    const running = [...this.#items.values()].reduce((sum, items) => sum + items, 0);
    const runners = new Set([...idle, ...this.#items.keys()]).size;
    return Math.ceil((waiting + running) / runners) - this.#of(runner);
  }

  #of(runner: Runner): number {
    return this.#items.get(runner) ?? 0;
  }
}
