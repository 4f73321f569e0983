import { ProblemError } from '../server/problem.ts';

/** Work in progress that can be canceled by its id. It is in memory: work ends by itself with the worker that does it. */
export class CancelableWork {
  readonly #running = new Set<{ readonly id: string; readonly over: AbortController }>();

  /** Does work whose signal aborts when its id is canceled. */
  async run<Output>(id: string, work: (signal: AbortSignal) => Promise<Output>): Promise<Output> {
    const running = { id, over: new AbortController() };
    this.#running.add(running);
    try {
      return await work(running.over.signal);
    } finally {
      this.#running.delete(running);
    }
  }

  /** Cancels all work with an id, if there is any. */
  cancel(id: string): void {
    for (const running of this.#running) {
      // Nobody waits for the answer; a page that does after all asks again.
      if (running.id === id) running.over.abort(new ProblemError('worker_gone'));
    }
  }
}
