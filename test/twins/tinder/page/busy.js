// Says how many things the page is at, to whoever asks: the drift suite's clock stands still meanwhile.
let things = 0;

const tell = () => document.dispatchEvent(new CustomEvent('twin-busy', { detail: things }));

document.addEventListener('twin-busy-ask', tell);

/** Something has begun. It is over at the first call of what this gives. */
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

/** Does something later, and is at it until then. What it gives calls that off. */
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
