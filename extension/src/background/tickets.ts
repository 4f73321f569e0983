import { ProblemError } from './problem.ts';

/** Work under way that can be called off by a ticket. In memory: what a worker did that has died is over by itself. */
export class Tickets {
  readonly #open = new Set<{ readonly ticket: string | undefined; readonly over: AbortController }>();

  /** Does work whose signal aborts when its ticket is called off; without one it cannot be. */
  async during<Output>(ticket: string | undefined, work: (signal: AbortSignal) => Promise<Output>): Promise<Output> {
    const held = { ticket, over: new AbortController() };
    this.#open.add(held);
    try {
      return await work(held.over.signal);
    } finally {
      this.#open.delete(held);
    }
  }

  /** Calls off all work under a ticket, if there is any. */
  callOff(ticket: string): void {
    for (const held of this.#open) {
      // Nobody waits for the answer; a page that does after all asks again.
      if (held.ticket === ticket) held.over.abort(new ProblemError('worker_gone'));
    }
  }
}
