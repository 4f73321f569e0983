import type { Clock } from '../clock.ts';

/**
 * How long a question may take. At least one limit is needed, so that nobody waits forever.
 *
 * - `timeoutMs`: the child has not answered by then.
 * - `idleMs`: the child has used no CPU time for this long. A slow answer is waited for.
 */
export type Patience =
  | { readonly timeoutMs: number; readonly idleMs?: number | undefined }
  | { readonly timeoutMs?: number | undefined; readonly idleMs: number };

/** How often a child's heartbeat is looked at before it counts as idle. */
const LOOKS = 10;

/** How often a child must report that it computes, in milliseconds; `undefined` when it need not. */
export const beatMsFor = ({ idleMs }: Patience): number | undefined => idleMs && idleMs / LOOKS;

/** Resolves with what the child did wrong when patience has run out, and never once the signal aborts. */
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
 * Resolves when so many looks in a row saw no beat. One long wait would not do: it is over as soon as a laptop wakes up,
 * which the child has slept through as well.
 */
async function idle(idleMs: number, beats: () => number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let silent = 0; silent < LOOKS; ) {
    const before = beats();
    await clock.delay(idleMs / LOOKS, signal);
    silent = beats() === before ? silent + 1 : 0;
  }
}
