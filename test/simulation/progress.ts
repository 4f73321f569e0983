import { allowsEscapes } from '@swipenet/server/config/machine.ts';

/** Says how far a run is: a bar on a terminal, else a line now and then. To standard error, so that --json stays JSON. */
export class Progress {
  readonly #total: number;
  readonly #out: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #beganAt = performance.now();
  #saidAt = 0;

  constructor(total: number, out: NodeJS.WriteStream = process.stderr) {
    this.#total = total;
    this.#out = out;
    this.#isLive = allowsEscapes(out);
  }

  /** So many are done. */
  at(done: number): void {
    const now = performance.now();
    if (now - this.#saidAt < (this.#isLive ? 200 : 10_000)) return;
    this.#saidAt = now;
    const rate = done / ((now - this.#beganAt) / 1_000);
    const leftS = Math.round((this.#total - done) / rate);
    const text = `${done} of ${this.#total}, ${rate.toFixed(1)}/s, ${minutes(leftS)} left`;
    if (!this.#isLive) return void this.#out.write(`${text}\n`);
    const full = Math.round((30 * done) / this.#total);
    this.#out.write(`\r[${'#'.repeat(full)}${'.'.repeat(30 - full)}] ${text}\u001b[K`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#isLive) this.#out.write('\r\u001b[K');
  }
}

const minutes = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
