import { options } from './options.js';

const waiting = [];
let sending;

/** Now, on the clock that all processes of a machine share, in milliseconds and parts of them. */
const wallMs = () => performance.timeOrigin + performance.now();

/**
 * Reports to the twin what was done to the page and which card is on top, in order, with the time and the page load. Sends one
 * report at a time.
 */
export function report(news) {
  waiting.push({ ...news, load: options.load, atMs: wallMs() });
  sending ??= send().finally(() => {
    sending = undefined;
  });
}

/** Resolves when the twin has been told of everything. */
export async function allReported() {
  while (sending) await sending;
}

// What is not yet told when the page goes is told all the same.
addEventListener('pagehide', () => {
  if (waiting.length > 0) navigator.sendBeacon('/twin/deeds', new Blob([JSON.stringify(waiting.splice(0))]));
});

async function send() {
  while (waiting.length > 0) {
    const news = waiting.splice(0, 100);
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, keepalive: true };
    await fetch('/twin/deeds', { ...init, body: JSON.stringify(news) });
  }
}
