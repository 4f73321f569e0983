import { systemDate } from '../../clock.ts';
import type { Home } from '../../home/home.ts';
import { TasteStore } from '../../taste/store/taste-store.ts';

/** Opens the store of a home folder, uses it, and closes it. Throws what the store throws. */
export async function withStore<Result>(
  home: Home,
  use: (store: TasteStore) => Result | Promise<Result>,
): Promise<Result> {
  const store = TasteStore.open(home, { now: systemDate });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}
