/** The server's limit of events per report. */
const MAX_EVENTS = 100;

/**
 * Reports events to the server, in order. Sends one report at a time, and collects new events for the next one. A report
 * survives the page (`keepalive`). A failed one is retried with the next event.
 *
 * @param {string} run the run's id
 * @param {(count: number) => void} unreported called with the number of events that the server doesn't have yet
 */
export function createReporter(run, unreported) {
  const waiting = [];
  let sending = false;

  async function send() {
    if (sending) return;
    sending = true;
    try {
      while (waiting.length > 0) {
        const events = waiting.slice(0, MAX_EVENTS);
        const response = await fetch(`/demo/record?run=${encodeURIComponent(run)}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(events),
          keepalive: true,
        });
        if (!response.ok && response.status >= 500) return;
        waiting.splice(0, events.length);
        unreported(waiting.length);
      }
    } catch {
      // The server is unreachable. The next event triggers a retry.
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
