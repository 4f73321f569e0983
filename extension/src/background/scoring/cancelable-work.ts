import { ProblemError } from '../server/problem.ts';

/** Work in progress that can be canceled by id. It is kept in memory, since work ends with the worker anyway. */
export class CancelableWork {
  readonly #running = new Set<{ readonly id: string; readonly canceled: AbortController }>();

  /** Runs work with a signal that aborts when its id is canceled. */
  async run<Output>(id: string, work: (signal: AbortSignal) => Promise<Output>): Promise<Output> {
    const running = { id, canceled: new AbortController() };
    this.#running.add(running);
    try {
      return await work(running.canceled.signal);
    } finally {
      this.#running.delete(running);
    }
  }

  /** Cancels all work with an id, if any. */
  cancel(id: string): void {
    for (const running of this.#running) {
      // The page no longer waits for the answer. If it still does, this reason makes it ask again.
      if (running.id === id) running.canceled.abort(new ProblemError('worker_gone'));
    }
  }
}
