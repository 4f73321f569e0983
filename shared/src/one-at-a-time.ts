/**
 * Returns a function that does the work once at a time. Calls while it is being done share one more time, which begins after
 * it: of two at once, the older could come last and have the last word.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = () => {
    current = work().finally(() => {
      current = undefined;
    });
    return current;
  };
  return () => {
    if (!current) return begin();
    next ??= current
      .catch(() => {}) // its own caller sees it
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
}
