import pLimit from 'p-limit';

/**
 * The number of results in progress or waiting, per worker. It is large enough that a slow item doesn't idle the
 * others.
 */
const AHEAD_PER_WORKER = 8;

/**
 * Processes items in parallel and yields the results in the order of the items. Only a few results per worker are in
 * memory at once, however many items there are.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const limit = pLimit(workers);
  const pending: Promise<Result>[] = [];
  let taken = 0;
  const fill = () => {
    for (; taken < items.length && pending.length < workers * AHEAD_PER_WORKER; taken += 1) {
      const item = items[taken]!;
      const working = limit(() => work(item));
      working.catch(() => {}); // reported when its turn comes
      pending.push(working);
    }
  };
  try {
    for (fill(); pending.length > 0; fill()) yield await pending.shift()!;
  } finally {
    limit.clearQueue();
  }
}
