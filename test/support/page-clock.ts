import { ManualClock } from './manual-clock.ts';

/** A clock for the extension's modules, including deadlines, that stands still until a test advances it. */
export class PageClock extends ManualClock {
  /** The date and time when this clock is at 0. A test may change it. */
  beganAt = new Date(2026, 8, 15, 12);

  /** The date and time, which advance with this clock. */
  date(): Date {
    return new Date(this.beganAt.getTime() + this.now());
  }

  /** Returns a signal that aborts after `ms` on this clock. */
  deadline = (ms: number): AbortSignal => {
    const controller = new AbortController();
    void this.delay(ms).then(() => controller.abort(new DOMException('timed out', 'TimeoutError')));
    return controller.signal;
  };

  /** Runs what is ready, then advances to the next delay, until `done` returns true. Fails after `turns` turns. */
  async runUntil(done: () => boolean, turns = 500): Promise<void> {
    for (let turn = 0; turn < turns && !done(); turn += 1) {
      await new Promise((settled) => setImmediate(settled));
      if (done()) return;
      const [next] = this.delaysMs.sort((a, b) => a - b);
      if (turn % 5 === 4 && next !== undefined) this.advance(next);
    }
    if (!done()) throw new Error('timed out waiting for the condition');
  }
}
