// Counts what the page is doing. The drift suite's clock doesn't jump while the page is busy.
let things = 0;

const tell = () => document.dispatchEvent(new CustomEvent('twin-busy', { detail: things }));

document.addEventListener('twin-busy-ask', tell);

/** Marks the page as busy until the returned function is called. */
export function busy() {
  things += 1;
  tell();
  let over = false;
  return () => {
    if (over) return;
    over = true;
    things -= 1;
    tell();
  };
}

/** Runs an action later and marks the page as busy until then. The returned function cancels it. */
export function later(act, ms) {
  const over = busy();
  const timer = setTimeout(() => {
    act();
    over();
  }, ms);
  return () => {
    clearTimeout(timer);
    over();
  };
}
