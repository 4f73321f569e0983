import type { HistoryEntry } from '../../storage/history.ts';

/**
 * Returns whether the person and Swipenet agreed about a profile. Undefined if only one of them decided: Swipenet left it to
 * the person, or the person never corrected Swipenet's swipe.
 */
export function agreed({ by, swipe, corrected, verdict }: HistoryEntry): boolean | undefined {
  const decided = verdict?.decision.swipe;
  if (decided === undefined || decided === 'hold' || (by !== 'you' && corrected === undefined)) return undefined;
  return (corrected ?? swipe) === decided;
}

/** Returns whether they agreed if it counts: people who see a verdict tend to follow it, so only hidden ones do. */
export function agreedUnseen(entry: HistoryEntry): boolean | undefined {
  return entry.seen === 'hidden' && entry.corrected === undefined ? agreed(entry) : undefined;
}

/** Returns the lower bound of the agreement when this label arrived, or undefined if nothing was known yet. */
export function boundOf({ agreement }: HistoryEntry): number | undefined {
  return agreement && agreement.balanced !== null ? agreement.lowerBound : undefined;
}
