import type { Deed } from '../twins/tinder/record.ts';
import type { Order, SeenStatus } from './extension-view.ts';
import type { Violations } from './violations.ts';

/** Reasons that end with the person's own swipe of the card. */
const HOLDS = ['hold', 'rule_hold', 'seen_before'];

/** What is told of a hold may be heard so much later than it began or ended. */
const HEARD_MS = 1_000;

/**
 * After a person's click or key on the page the extension swipes nothing until it is told to go on: by Resume, by the
 * control, by a new load of the page; or, where it held a card, by the person's own swipe of it.
 *
 * @param deeds in their order, all of one load or of several
 */
export function checkRestraint(
  deeds: readonly Deed[],
  orders: readonly Order[],
  statuses: readonly (SeenStatus & { readonly atMs: number })[],
  violations: Violations,
): void {
  let acted: Deed | undefined;
  for (const deed of deeds) {
    if (deed.trusted) acted ??= deed;
    else if (acted && (deed.by === 'like' || deed.by === 'nope')) {
      const { atMs, by } = acted;
      const told = orders.some((order) => order.atMs >= atMs - HEARD_MS / 4 && order.atMs <= deed.atMs);
      if (!told && !heldAround(statuses, atMs)) {
        const after = `${deed.by} ${Math.round(deed.atMs - atMs)} ms after a person’s ${by}`;
        violations.add(deed.step ?? undefined, 'no swipe before Resume', after);
      }
      acted = undefined;
    }
  }
}

function heldAround(statuses: readonly (SeenStatus & { readonly atMs: number })[], atMs: number): boolean {
  return statuses.some(({ reason, atMs: from }, at) => {
    const until = statuses[at + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return HOLDS.includes(reason ?? '') && from - HEARD_MS <= atMs && atMs <= until + HEARD_MS;
  });
}
