import type { Rewind, Verdict } from '../../twins/tinder/record.ts';

/** The page tells the person of their swipe within this time after its label arrived, also on a busy machine. */
const TOLD_MS = 2_500;

/** A label of a profile as it arrived, and whether it had a verdict (wall time). */
export interface Post {
  readonly atMs: number;
  readonly isDecided: boolean;
}

/** Whether the person may have been told the verdict after an earlier swipe of this profile than this one. */
export const maybeTold = (swipe: Verdict, posts: readonly Post[]): boolean =>
  posts.some(({ atMs, isDecided }) => isDecided && atMs < swipe.atMs);

/** Whether they were: an earlier swipe had a verdict, and they took it back only long after its label arrived. */
export function isTold({ load, atMs }: Verdict, posts: readonly Post[], rewinds: readonly Rewind[]): boolean {
  return rewinds.some((rewind, at) => {
    if (rewind.load !== load || rewind.atMs >= atMs) return false;
    const label = posts.findLast((post) => post.atMs < rewind.atMs);
    const before = rewinds[at - 1]?.atMs ?? Number.NEGATIVE_INFINITY;
    // If the swipe was taken back before its label arrived, the label is deleted and the page shows no verdict.
    return label?.isDecided === true && rewind.atMs - label.atMs > TOLD_MS && label.atMs - before > TOLD_MS;
  });
}
