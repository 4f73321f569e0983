import type { Clock } from '../clock.ts';
import type { Counted, PageStatus, Request } from '../messages.ts';

/** A report that finds no worker is sent again after so long: the browser ends workers in the middle of anything. */
const RETRY_WAITS_MS = [100, 300, 1_000, 3_000, 10_000, 30_000];

/** What a page tells without waiting for an answer. */
type Told = 'report' | 'leave' | 'release' | 'cancel';

/**
 * Tells the worker what the page does, one thing after the other, so that none overtakes another. What there is to count
 * carries an id: sent twice because an answer was lost, it is counted once.
 */
export class Reporter {
  readonly #send: (request: Request<Told>) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #pageId: string;
  #counted = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param pageId tells this load of the page from every other. */
  constructor(options: {
    readonly send: (request: Request<Told>) => Promise<unknown>;
    readonly clock: Clock;
    readonly pageId: string;
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#pageId = options.pageId;
  }

  /** The page does this now; and there is something to count, a swipe under its permit's id. */
  report(status: PageStatus, what?: Counted, id?: string): void {
    if (what) this.#counted += 1;
    const counted = what && { what, id: id ?? `${this.#pageId}/${this.#counted}` };
    this.#queue({ kind: 'report', status, ...(counted && { counted }) });
  }

  /** A permit is done with; `pressed`: something was pressed under it. */
  release(id: string, pressed: boolean): void {
    this.#queue({ kind: 'release', id, pressed });
  }

  /** A score is no longer needed. */
  cancel(id: string): void {
    this.#queue({ kind: 'cancel', id });
  }

  /** The page is left. */
  leave(): void {
    this.#queue({ kind: 'leave' });
  }

  #queue(request: Request<Told>): void {
    this.#last = this.#last.then(async () => {
      for (const waitMs of [...RETRY_WAITS_MS, undefined]) {
        try {
          await this.#send(request);
          return;
        } catch {
          if (waitMs !== undefined) await this.#clock.delay(waitMs);
        }
      }
    });
  }
}
