import type { Clock } from '../clock.ts';
import type { Counted, PageStatus, Request } from '../messages.ts';

/** A report that finds no worker is sent again after so long: the browser ends workers in the middle of anything. */
const RETRY_WAITS_MS = [300, 1_500];

/**
 * Tells the worker what the page does, one report after the other, so that none overtakes another. What there is to count
 * carries an id: sent twice because an answer was lost, it is counted once.
 */
export class Reporter {
  readonly #send: (request: Request<'report' | 'leave'>) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #pageId: string;
  #counted = 0;
  #last: Promise<void> = Promise.resolve();

  /** @param pageId tells this load of the page from every other. */
  constructor(options: {
    readonly send: (request: Request<'report' | 'leave'>) => Promise<unknown>;
    readonly clock: Clock;
    readonly pageId: string;
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#pageId = options.pageId;
  }

  /** The page does this now; and there is something to count. */
  report(status: PageStatus, what?: Counted): void {
    if (what) this.#counted += 1;
    const counted = what && { what, id: `${this.#pageId}/${this.#counted}` };
    this.#queue({ kind: 'report', status, ...(counted && { counted }) });
  }

  /** The page is left. */
  leave(): void {
    this.#queue({ kind: 'leave' });
  }

  #queue(request: Request<'report' | 'leave'>): void {
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
