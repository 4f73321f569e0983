import type { TwinDeck } from '../../twins/tinder/deck.ts';
import type { Dealt, Verdict } from '../../twins/tinder/record.ts';
import type { ExtensionView } from '../extension-view.ts';

/**
 * Why a swipe doesn't have to become a label:
 *
 * - `no-data`: the page loaded this profile's data in a way that isn't observed, or the data was dropped after Off.
 * - `no-photo`: it was swiped before its card showed a photo, so the extension couldn't identify the card.
 * - `control`: the control wasn't at Learn when the site took the swipe.
 * - `page-gone`: the page was thrown away just then.
 */
export type Excuse = 'no-data' | 'no-photo' | 'control' | 'page-gone';

/** So much later a move of the control may reach the page, or the page's answer may become a label. */
const LATE_MS = 1_500;

/** What is known of a run, in the order of time. */
export interface RunFacts {
  readonly deck: TwinDeck;
  readonly moves: ExtensionView['moves'];
  readonly dealt: readonly Dealt[];
  /** When each load of the page was over (wall time). */
  readonly overAtMs: ReadonlyMap<number, number>;
}

/** Returns why a swipe doesn't have to become a label; undefined if it has to. */
export function excuseOf({ step, load, atMs, pictured }: Verdict, facts: RunFacts): Excuse | undefined {
  const { deck, moves, dealt, overAtMs } = facts;
  const answeredAtMs = atMs + deck.callDelayMs(step);
  const came = dealt.find((one) => one.load === load && one.steps.includes(step));
  if (!came || wasAt(['off'], moves, came.atMs - LATE_MS, atMs)) return 'no-data';
  if (!pictured) return 'no-photo';
  if (wasAt(['off', 'show', 'swipe'], moves, atMs - LATE_MS, answeredAtMs + LATE_MS)) return 'control';
  const over = overAtMs.get(load);
  return over !== undefined && over - answeredAtMs < LATE_MS ? 'page-gone' : undefined;
}

/** Whether the control was at one of these modes at any time between the two. */
export function wasAt(
  modes: readonly string[],
  moves: ExtensionView['moves'],
  fromMs: number,
  untilMs: number,
): boolean {
  return moves.some(({ mode, atMs }, at) => {
    const leftAtMs = moves[at + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return modes.includes(mode) && atMs <= untilMs && leftAtMs >= fromMs;
  });
}
