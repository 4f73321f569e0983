import { ManualClock } from './manual-clock.ts';

/** A clock for the extension's modules: it stands still until a test moves it, deadlines included. */
export class PageClock extends ManualClock {
  /** What a clock on the wall shows while this one stands at 0; a test may put it forward or back. */
  beganAt = new Date(2026, 8, 15, 12);

  /** The wall's date and time: it moves as this clock does. */
  date(): Date {
    return new Date(this.beganAt.getTime() + this.now());
  }

  /** A signal that aborts when the clock has moved so far. */
  deadline = (ms: number): AbortSignal => {
    const controller = new AbortController();
    this.delay(ms).then(() => controller.abort(new DOMException('timed out', 'TimeoutError')));
    return controller.signal;
  };

  /** Lets what is ready run, then moves on to whatever is waited for next; until `done`, or for so many turns. */
  async runUntil(done: () => boolean, turns = 500): Promise<void> {
    for (let turn = 0; turn < turns && !done(); turn += 1) {
      await new Promise((settled) => setImmediate(settled));
      if (done()) return;
      const [next] = this.delaysMs.sort((a, b) => a - b);
      if (turn % 5 === 4 && next !== undefined) this.advance(next);
    }
    if (!done()) throw new Error('what was waited for did not happen');
  }
}
