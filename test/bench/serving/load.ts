import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Load, LoadResult, ToGenerator } from './load-messages.ts';

/** A load generator, ready for loads. */
export interface LoadGenerator {
  /** Puts a load on a server and returns the result. Calls must not overlap. */
  run(load: Omit<Load, 'type'>): Promise<LoadResult>;
  end(): void;
}

/** Starts the process of the load generator. */
export function startLoadGenerator(photos: readonly Uint8Array[], contentType = 'image/jpeg'): LoadGenerator {
  const child = fork(new URL('./load-generator.ts', import.meta.url), { serialization: 'advanced', execArgv: [] });
  child.send({ type: 'photos', photos, contentType } satisfies ToGenerator);
  return {
    async run(load) {
      child.send({ type: 'load', ...load } satisfies ToGenerator);
      const [result] = await once(child, 'message');
      return result as LoadResult;
    },
    end: () => child.disconnect(),
  };
}

/** Returns the percentile of the numbers for a share from 0 to 1 (nearest rank). */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Adds up the numbers of a record. */
export const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
