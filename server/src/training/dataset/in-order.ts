import pLimit from 'p-limit';

/** Results that are waited for, for each one that is computed: enough that a slow one does not idle the others. */
const AHEAD_PER_WORKER = 8;

/**
 * Works on items side by side and gives the results in the items' order. No more than a few results a worker are in
 * memory at once, however many items there are.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const limit = pLimit(workers);
  const underWay: Promise<Result>[] = [];
  let taken = 0;
  const fill = () => {
    for (; taken < items.length && underWay.length < workers * AHEAD_PER_WORKER; taken += 1) {
      const item = items[taken]!;
      const working = limit(() => work(item));
      working.catch(() => {}); // told when its turn comes
      underWay.push(working);
    }
  };
  try {
    for (fill(); underWay.length > 0; fill()) yield await underWay.shift()!;
  } finally {
    limit.clearQueue();
  }
}
