/** How many events the server takes at once. */
const MOST_AT_ONCE = 100;

/**
 * Tells the server what happened, in order: one report is on its way at a time, and takes with it what came up
 * meanwhile. A report outlives the page (`keepalive`); one that fails is tried again with the next event.
 *
 * @param {string} run the run's id
 * @param {(count: number) => void} unreported told how many events the server does not have yet, at each change
 */
export function createReporter(run, unreported) {
  const waiting = [];
  let sending = false;

  async function send() {
    if (sending) return;
    sending = true;
    try {
      while (waiting.length > 0) {
        const events = waiting.slice(0, MOST_AT_ONCE);
        const answer = await fetch(`/demo/record?run=${encodeURIComponent(run)}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(events),
          keepalive: true,
        });
        if (!answer.ok && answer.status >= 500) return;
        waiting.splice(0, events.length);
        unreported(waiting.length);
      }
    } catch {
      // The server is away; the events wait for the next one.
    } finally {
      sending = false;
    }
  }

  /** @param {{kind: string, profile: string, input: 'button' | 'key', trusted: boolean}} event */
  return function report(event) {
    waiting.push(event);
    unreported(waiting.length);
    void send();
  };
}
