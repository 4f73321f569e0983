import { REQUIRED_AGREEMENT } from '@swipenet/shared/contract/swipes.ts';
import {
  type Agreement,
  balancedAgreement,
  type CountedSwipe,
  NO_AGREEMENT,
  withFadingSwipe,
  withSwipe,
} from './agreement.ts';
import { logWealth, lowerBound, REJECTING_LOG_WEALTH } from './agreement-bound.ts';

/** The gate shuts after this many counted swipes in a row with the faded agreement below the setting. */
const PATIENCE = 20;

/**
 * Whether a taste model may swipe, after any number of counted swipes. It is never stored: it follows from the swipes,
 * so a deleted swipe or another setting is simply a replay.
 *
 * It opens when the lower bound of balanced agreement reaches the setting. It shuts when the faded agreement has been
 * below the setting for 20 counted swipes. **After that, only new evidence opens it**: the bound starts again with the
 * first swipe after it shut. A bound over the whole history would open it again at once, because it says that the network
 * agreed well on average, and the gate has shut because it no longer does. The 95% hold for each opening, because a game
 * that starts at a moment known by then is as fair as one that starts at the first swipe.
 */
export interface Gate {
  readonly isOpen: boolean;
  /** Agreement since the first swipe. */
  readonly total: Agreement;
  /** Agreement since the first swipe or since the gate last shut. The lower bound is of this one. */
  readonly evidence: Agreement;
  /** Agreement in which older swipes fade. Its counts aren't whole. */
  readonly faded: Agreement;
  /** How many swipes in a row the faded agreement has been below the setting while the gate was open. */
  readonly belowInARow: number;
  /** How often the gate has shut. */
  readonly timesShut: number;
}

export const NEW_GATE: Gate = {
  isOpen: false,
  total: NO_AGREEMENT,
  evidence: NO_AGREEMENT,
  faded: NO_AGREEMENT,
  belowInARow: 0,
  timesShut: 0,
};

/** Returns the gate after one more counted swipe. */
export function advanceGate(gate: Gate, swipe: CountedSwipe, required: number): Gate {
  const next = {
    ...gate,
    total: withSwipe(gate.total, swipe),
    evidence: withSwipe(gate.evidence, swipe),
    faded: withFadingSwipe(gate.faded, swipe),
  };
  if (!gate.isOpen) return { ...next, isOpen: isProven(next.evidence, required) };
  const isBelow = (balancedAgreement(next.faded) ?? required) < required;
  const belowInARow = isBelow ? gate.belowInARow + 1 : 0;
  if (belowInARow < PATIENCE) return { ...next, belowInARow };
  return { ...next, isOpen: false, evidence: NO_AGREEMENT, belowInARow: 0, timesShut: gate.timesShut + 1 };
}

/** True if the lower bound of balanced agreement is at least `required`, without computing the bound. */
function isProven(evidence: Agreement, required: number): boolean {
  const balanced = balancedAgreement(evidence);
  return balanced !== undefined && balanced > required && logWealth(evidence, required) >= REJECTING_LOG_WEALTH;
}

/** The gate after all counted swipes of a taste, with the figures to show. */
export interface GateReport extends Gate {
  /** The setting, see {@link REQUIRED_AGREEMENT}. */
  readonly required: number;
  /** Balanced agreement of {@link Gate.evidence}, 0 to 1, or null before it has both labels. */
  readonly balanced: number | null;
  /** Balanced agreement of {@link Gate.faded}, 0 to 1, or null before there are both labels. */
  readonly fadedBalanced: number | null;
  /** The lower bound of the balanced agreement that {@link Gate.evidence} shows, 0 to 1. */
  readonly lowerBound: number;
}

/**
 * Replays counted swipes, oldest first, and reports the gate.
 *
 * @throws RangeError if `required` is outside the range of the setting.
 */
export function replayGate(swipes: Iterable<CountedSwipe>, required: number = REQUIRED_AGREEMENT.default): GateReport {
  const { min, max } = REQUIRED_AGREEMENT;
  if (!(required >= min && required <= max)) {
    throw new RangeError(`the required agreement must be from ${min} to ${max}, not ${required}`);
  }
  let gate = NEW_GATE;
  for (const swipe of swipes) gate = advanceGate(gate, swipe, required);
  return {
    ...gate,
    required,
    balanced: balancedAgreement(gate.evidence) ?? null,
    fadedBalanced: balancedAgreement(gate.faded) ?? null,
    lowerBound: lowerBound(gate.evidence),
  };
}
