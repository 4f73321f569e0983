import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Load, LoadResult, ToGenerator } from './load-messages.ts';

/** A load generator that waits for loads. */
export interface LoadGenerator {
  /** Puts a load on a server and tells what came of it. One at a time. */
  run(load: Omit<Load, 'type'>): Promise<LoadResult>;
  end(): void;
}

/** Starts the load generator's process. */
export function startLoadGenerator(photos: readonly Uint8Array[]): LoadGenerator {
  const child = fork(new URL('./load-generator.ts', import.meta.url), { serialization: 'advanced', execArgv: [] });
  child.send({ type: 'photos', photos } satisfies ToGenerator);
  return {
    async run(load) {
      child.send({ type: 'load', ...load } satisfies ToGenerator);
      const [result] = await once(child, 'message');
      return result as LoadResult;
    },
    end: () => child.disconnect(),
  };
}

/** The value that so large a share of the numbers does not exceed (nearest rank). */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The sum of a record's numbers. */
export const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
