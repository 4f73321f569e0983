import type { Clock } from '../clock.ts';

/**
 * How long a question may take. At least one limit is required, so that nothing waits forever.
 *
 * - `timeoutMs`: the maximum time until the answer.
 * - `idleMs`: the maximum time without any use of the CPU. A slow computation may continue.
 */
export type Patience =
  | { readonly timeoutMs: number; readonly idleMs?: number | undefined }
  | { readonly timeoutMs?: number | undefined; readonly idleMs: number };

/** How many times in a row the heartbeat must be missing before a child counts as idle. */
const LOOKS = 10;

/** How often a child must report that it is computing, in milliseconds, or `undefined` if it doesn't have to. */
export const beatMsFor = ({ idleMs }: Patience): number | undefined => idleMs && idleMs / LOOKS;

/** Resolves with what the child did wrong once a limit is exceeded. Never resolves after the signal aborts. */
export function outOfPatience(
  { timeoutMs, idleMs }: Patience,
  beats: () => number,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const limits: Promise<string>[] = [];
  if (timeoutMs !== undefined) {
    limits.push(clock.delay(timeoutMs, signal).then(() => `did not answer within ${timeoutMs / 1000} s`));
  }
  if (idleMs !== undefined) {
    limits.push(idle(idleMs, beats, clock, signal).then(() => `used no CPU time for ${idleMs / 1000} s`));
  }
  return Promise.race(limits).catch(() => new Promise(() => {}));
}

/**
 * Resolves when the heartbeat has been missing {@link LOOKS} times in a row. One long delay wouldn't work: it ends as
 * soon as a laptop wakes up, although the child was asleep as well.
 */
async function idle(idleMs: number, beats: () => number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let silent = 0; silent < LOOKS; ) {
    const before = beats();
    await clock.delay(idleMs / LOOKS, signal);
    silent = beats() === before ? silent + 1 : 0;
  }
}
