import type { MetricLine } from '../training/run/run-files.ts';
import type { Usage } from '../training/step/training-messages.ts';
import type { ProgressOutput } from './progress.ts';
import { type Beginning, percent, stepFigures } from './train-figures.ts';

/** Between two plain lines where there is no terminal. */
const LOG_EVERY_MS = 10_000;
const BAR_CELLS = 16;

/** How training goes, told to a person: one line that is written over on a terminal, plain lines elsewhere. */
export class TrainProgress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  readonly #steps: number;
  #begin: Beginning | undefined;
  #usage: Usage | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param steps of the whole run.
   * @param now milliseconds since some moment.
   */
  constructor(output: ProgressOutput, now: () => number, steps: number) {
    this.#output = output;
    this.#now = now;
    this.#steps = steps;
  }

  /** What the training process has taken so far; shown with the next step. */
  used(usage: Usage): void {
    this.#usage = usage;
  }

  /** Tells a step or an epoch. */
  tell(line: MetricLine): void {
    if (line.kind === 'epoch') {
      const of = `epoch ${line.epoch.toFixed(0)} ${line.part.padEnd('validation'.length)}`;
      this.#line(`${of}  loss ${line.loss.toFixed(4)}  accuracy ${percent(line.accuracy)}`);
      return;
    }
    const now = this.#now();
    this.#begin ??= { at: now, step: line.step, cpuMicroseconds: this.#usage?.cpuMicroseconds ?? 0 };
    const over = line.step >= this.#steps;
    if (!this.#output.isTTY && !over && now - this.#writtenAt < LOG_EVERY_MS) return;
    this.#writtenAt = now;
    const figures = stepFigures(line, this.#steps, this.#begin, this.#usage, now);
    if (!this.#output.isTTY) {
      this.#output.write(`${figures.join('  ')}\n`);
      return;
    }
    const bar = '█'.repeat(Math.round((line.step / this.#steps) * BAR_CELLS)).padEnd(BAR_CELLS, '·');
    const text = `${bar}  ${figures.join('  ')}`.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${text}\u001b[K${over ? '\n' : ''}`);
  }

  /** A line for itself, also while a bar stands. */
  #line(text: string): void {
    this.#output.write(this.#output.isTTY ? `\r${text}\u001b[K\n` : `${text}\n`);
  }
}
