import { spanOf, wholeNumber } from './format.ts';

/** Where progress is written: the process's standard error, or a test's. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Between two updates: often enough to be alive on a terminal, seldom enough to be read in a log. */
const EVERY_MS = { terminal: 100, log: 10_000 };

const BAR_CELLS = 24;

/**
 * Progress of work with a known end: on a terminal one line with a bar that is written over, elsewhere a plain line now
 * and then; both with the rate and the time left.
 */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #begin: { readonly title: string; readonly at: number; readonly done: number } | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds since some moment. */
  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** Shows that `done` of `total` are done. `title` names the work; another title begins another line. */
  readonly update = (title: string, done: number, total: number): void => {
    const now = this.#now();
    if (this.#begin?.title !== title) {
      this.#begin = { title, at: now, done };
      this.#writtenAt = this.#output.isTTY ? Number.NEGATIVE_INFINITY : now;
    }
    const over = done >= total;
    if (!over && now - this.#writtenAt < (this.#output.isTTY ? EVERY_MS.terminal : EVERY_MS.log)) return;
    this.#writtenAt = now;
    const perSecond = ((done - this.#begin.done) * 1000) / Math.max(1, now - this.#begin.at);
    const share = total === 0 ? 1 : done / total;
    const figures = [
      `${wholeNumber(done)} of ${wholeNumber(total)}`,
      `${Math.floor(share * 100)} %`,
      ...(perSecond > 0 ? [`${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`] : []),
      ...(perSecond > 0 && !over ? [`${spanOf((total - done) / perSecond)} left`] : []),
    ].join('  ');
    if (!this.#output.isTTY) {
      this.#output.write(`${title}  ${figures}\n`);
      return;
    }
    const bar = '█'.repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, '·');
    const line = `${title}  ${bar}  ${figures}`.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${line}\u001b[K${over ? '\n' : ''}`);
  };
}
