import type { Clock } from '../clock.ts';
import type { Reason } from '../reasons.ts';
import type { ActiveProfile, SitePage, Swipe } from '../sites/site-adapter.ts';
import { until } from '../sites/until.ts';

/** A card that is still there after this long was not swiped. */
const VERIFY_MS = 4_000;

/** What became of a swipe: the page confirmed it; its card was gone before; or the reason to stop. */
export type SwipeOutcome = 'swiped' | 'gone' | { readonly stop: Reason };

/**
 * Swipes the active profile by the site's own button, once, and waits for the page to confirm it by another card (or
 * the deck's end): a click that did nothing is never counted, and no second way is tried. What could cost money is
 * refused, whatever the adapter took it for.
 *
 * @param signal ends the waiting when this script's time is over; not when the person switches off in between, since a
 *   click that was made must still be counted.
 */
export async function swipeProfile(
  { document, page, clock }: { document: Document; page: SitePage; clock: Clock },
  profile: ActiveProfile,
  swipe: Swipe,
  signal: AbortSignal,
): Promise<SwipeOutcome> {
  const view = page.view();
  if (view.kind !== 'profile' || view.profile.key !== profile.key) return 'gone';
  const button = page.swipeButton(swipe);
  if (!button) return { stop: 'control_missing' };
  if (page.isPaid(button)) return { stop: 'paid_control' };
  button.click();
  const late = clock.deadline(VERIFY_MS);
  try {
    await until(document, () => hasLeft(page, profile) || undefined, AbortSignal.any([signal, late]));
    return 'swiped';
  } catch (error) {
    if (late.aborted && !signal.aborted) return { stop: 'swipe_unverified' };
    throw error;
  }
}

/** No card for a moment is a re-render; another card or the deck's end is a swipe. */
function hasLeft(page: SitePage, { key }: ActiveProfile): boolean {
  const active = page.activeProfile();
  return active ? active.key !== key : page.view().kind === 'ended';
}
