import type { ProgressOutput } from './progress.ts';

/** Lines on a terminal that are written over each time, each cut to the terminal's width. */
export class LiveLines {
  readonly #output: ProgressOutput;
  #shown = 0;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** Shows these lines in the place of the last ones. */
  show(lines: readonly string[]): void {
    const width = (this.#output.columns || 80) - 1;
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    this.#output.write(`${up}\r\u001b[J${lines.map((line) => `${line.slice(0, width)}\n`).join('')}`);
    this.#shown = lines.length;
  }
}
