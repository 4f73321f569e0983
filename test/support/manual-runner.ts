import type { BatchOptions, BatchRunner } from '@swipenet/server/inference/batching/batch.ts';

/** A runner whose batches end when the test decides. */
export class ManualRunner implements BatchRunner<number, string> {
  readonly batches: {
    items: readonly number[];
    options: BatchOptions;
    end: PromiseWithResolvers<readonly (string | Error)[]>;
  }[] = [];
  readiness = Promise.withResolvers<void>();
  alive = true;

  constructor(ready = true) {
    if (ready) this.readiness.resolve();
  }

  ready() {
    return this.readiness.promise;
  }

  run(items: readonly number[], options: BatchOptions) {
    const end = Promise.withResolvers<readonly (string | Error)[]>();
    this.batches.push({ items, options, end });
    return end.promise;
  }

  /** The items of each batch so far. */
  get taken() {
    return this.batches.map(({ items }) => items);
  }

  /** Ends the last batch with one answer per item. */
  answer() {
    const { items, end } = this.batches.at(-1)!;
    end.resolve(items.map((item) => `answer ${item}`));
  }

  /** Ends the last batch with a failure. */
  fail(message = 'the engine is gone') {
    this.batches.at(-1)!.end.reject(new Error(message));
  }
}
