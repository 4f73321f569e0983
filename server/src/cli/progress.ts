import { printable } from '@swipenet/shared/printable.ts';
import { spanOf, wholeNumber } from './format.ts';

/** Where progress is written: standard error, or a test's own output. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Milliseconds between updates: often enough to look alive on a terminal, rarely enough to keep a log readable. */
const EVERY_MS = { terminal: 100, log: 10_000 };

const BAR_CELLS = 24;

/**
 * Shows the progress of work whose total is known, with its rate and the time left. On a terminal it is one line with a
 * bar that is updated in place. Elsewhere it is a plain line every 10 seconds.
 */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #start: { readonly title: string; readonly at: number; readonly done: number } | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** @param now returns milliseconds since an arbitrary moment. */
  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** Shows that `done` of `total` items are done. `title` names the work. A new title starts a new line. */
  readonly update = (title: string, done: number, total: number): void => {
    const now = this.#now();
    if (this.#start?.title !== title) {
      this.#start = { title, at: now, done };
      this.#writtenAt = this.#output.isTTY ? Number.NEGATIVE_INFINITY : now;
    }
    const finished = done >= total;
    if (!finished && now - this.#writtenAt < (this.#output.isTTY ? EVERY_MS.terminal : EVERY_MS.log)) return;
    this.#writtenAt = now;
    const perSecond = ((done - this.#start.done) * 1000) / Math.max(1, now - this.#start.at);
    const share = total === 0 ? 1 : done / total;
    const figures = [
      `${wholeNumber(done)} of ${wholeNumber(total)}`,
      `${Math.floor(share * 100)}%`,
      ...(perSecond > 0 ? [`${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`] : []),
      ...(perSecond > 0 && !finished ? [`${spanOf((total - done) / perSecond)} left`] : []),
    ].join('  ');
    if (!this.#output.isTTY) {
      this.#output.write(`${printable(title)}  ${figures}\n`);
      return;
    }
    const bar = '█'.repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, '·');
    const line = `${printable(title)}  ${bar}  ${figures}`.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${line}\u001b[K${finished ? '\n' : ''}`);
  };
}
