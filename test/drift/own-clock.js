// Prepended to the content script in a copy of the production build, so that its timeouts pass quickly. When the script waits
// for nothing but time, its clock jumps to the next timer, one at a time and in order. While the worker hasn't answered or the
// page is busy, the clock runs normally.
(() => {
  /** The page counts as idle after this long without a change. The twin takes less time for a photo or a card. */
  const STILL_MS = 60;
  const TICK_MS = 4;
  /** The clock jumps this far in total at most. */
  const MOST_MS = 300_000;

  const { setTimeout: later, clearTimeout: never } = globalThis;
  const realNow = performance.now.bind(performance);
  const timers = new Map();
  let jumped = 0;
  let made = 0;
  let asked = 0;
  let pageBusy = 0;
  let movedAt = realNow();
  /** The last reason that the script reported, and its time on this clock. */
  let said = { reason: null, atMs: 0 };

  const now = () => realNow() + jumped;

  function fire(id) {
    const timer = timers.get(id);
    if (!timer) return;
    timers.delete(id);
    never(timer.handle);
    timer.act();
  }

  globalThis.setTimeout = (act, ms = 0, ...given) => {
    made += 1;
    const id = made;
    const dueAt = now() + Math.max(0, Number(ms) || 0);
    timers.set(id, { act: () => act(...given), dueAt, handle: later(() => fire(id), dueAt - now()) });
    return id;
  };
  globalThis.clearTimeout = (id) => {
    never(timers.get(id)?.handle);
    timers.delete(id);
  };
  globalThis.setInterval = (act, ms, ...given) => {
    const id = globalThis.setTimeout(function again() {
      timers.set(id, { act: again, dueAt: now() + ms, handle: later(() => fire(id), ms) });
      act(...given);
    }, ms);
    return id;
  };
  globalThis.clearInterval = globalThis.clearTimeout;
  Object.defineProperty(performance, 'now', { value: now });
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    globalThis.setTimeout(() => controller.abort(new DOMException('signal timed out', 'TimeoutError')), ms);
    return controller.signal;
  };

  // The clock doesn't jump while the worker owes an answer.
  const { runtime } = globalThis.chrome;
  const send = runtime.sendMessage.bind(runtime);
  runtime.sendMessage = (...given) => {
    const answered = () => {
      asked -= 1;
      movedAt = realNow();
    };
    asked += 1;
    const [message] = given;
    if (message?.kind === 'report' && message.status.reason !== said.reason) {
      said = { reason: message.status.reason, atMs: Math.round(now()) };
    }
    const callback = given.at(-1);
    if (typeof callback !== 'function') return send(...given).finally(answered);
    return send(...given.slice(0, -1), (...answer) => {
      answered();
      callback(...answer);
    });
  };

  // Nor does it while the page is busy. The page reports how many things it is doing.
  document.addEventListener('twin-busy', ({ detail }) => {
    pageBusy = detail;
    movedAt = realNow();
  });
  document.dispatchEvent(new CustomEvent('twin-busy-ask'));
  new MutationObserver((changes) => {
    const moves = changes.some(({ target }) => !target.classList?.contains('ticker')); // this element changes all the time
    if (moves) movedAt = realNow();
  }).observe(document, { subtree: true, childList: true, attributes: true });

  document.addEventListener('drift-clock-ask', () => {
    const detail = JSON.stringify({ nowMs: Math.round(now()), said: said.reason, saidAtMs: said.atMs });
    document.dispatchEvent(new CustomEvent('drift-clock', { detail }));
  });

  const tick = () => {
    later(tick, TICK_MS);
    if (asked > 0 || pageBusy > 0 || jumped > MOST_MS || document.hidden || realNow() - movedAt < STILL_MS) return;
    const [id, next] = [...timers].reduce((a, b) => (b[1].dueAt < a[1].dueAt ? b : a), [0, { dueAt: Infinity }]);
    if (next.dueAt === Infinity) return;
    jumped += Math.max(0, next.dueAt - now());
    fire(id);
  };
  tick();
})();
