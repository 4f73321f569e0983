const waiting = [];
let sending;

/** Tells the twin what was done to the page, in order; one report is on its way at a time. */
export function report(deed) {
  waiting.push(deed);
  sending ??= send().finally(() => {
    sending = undefined;
  });
}

/** Resolves when the twin has been told of everything. */
export async function allReported() {
  while (sending) await sending;
}

async function send() {
  while (waiting.length > 0) {
    const deeds = waiting.splice(0, 100);
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, keepalive: true };
    await fetch('/twin/deeds', { ...init, body: JSON.stringify(deeds) });
  }
}
