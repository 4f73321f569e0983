import type { Clock } from '../../clock.ts';
import type { Counted, PageStatus, Request } from '../../messages.ts';

/** Delays before a failed report is sent again. The browser may end the worker at any time. */
const RETRY_WAITS_MS = [100, 300, 1_000, 3_000, 10_000, 30_000];

/** Messages that a page sends without waiting for an answer. */
type OneWay = 'report' | 'leave' | 'release' | 'cancel';

/**
 * Reports to the worker what the page does, one message at a time, so that they arrive in order. Everything that is
 * counted carries an id. If it is sent twice because an answer was lost, it is still counted once.
 */
export class Reporter {
  readonly #send: (request: Request<OneWay>) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #pageId: string;
  #counted = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param pageId identifies this load of the page */
  constructor(options: {
    readonly send: (request: Request<OneWay>) => Promise<unknown>;
    readonly clock: Clock;
    readonly pageId: string;
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#pageId = options.pageId;
  }

  /** Reports the page's status and, if there is one, an event to count. A swipe is counted under its permit's id. */
  report(status: PageStatus, what?: Counted, id?: string): void {
    if (what) this.#counted += 1;
    const counted = what && { what, id: id ?? `${this.#pageId}/${this.#counted}` };
    this.#queue({ kind: 'report', status, ...(counted && { counted }) });
  }

  /** Releases a permit. `pressed` is true if a button was pressed under it. */
  release(id: string, pressed: boolean): void {
    this.#queue({ kind: 'release', id, pressed });
  }

  /** Cancels a score that is no longer needed. */
  cancel(id: string): void {
    this.#queue({ kind: 'cancel', id });
  }

  /** Reports that no session runs on this page anymore. */
  leave(): void {
    this.#queue({ kind: 'leave' });
  }

  #queue(request: Request<OneWay>): void {
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
