import type { Decider } from '@swipenet/shared/contract/swipes.ts';
import { isVersionForm } from '../learning/versions.ts';
import type { JudgedSwipe } from '../store/swipe-record.ts';

/** A swipe that counts for agreement: a version of the taste decided before the person did, who couldn't see it. */
export interface CountedSwipe {
  readonly liked: boolean;
  readonly agreed: boolean;
}

/** How many of the swipes with one label the decision agreed with. */
export interface Tally {
  readonly agreed: number;
  readonly disagreed: number;
}

/** Agreement, apart for likes and passes. A network that always says left agrees with every pass and with no like. */
export interface Agreement {
  readonly likes: Tally;
  readonly passes: Tally;
}

export const NO_AGREEMENT: Agreement = { likes: { agreed: 0, disagreed: 0 }, passes: { agreed: 0, disagreed: 0 } };

/**
 * Who made the decisions that count. Agreement is about what acts: if the words of the bio join the network's decision,
 * the joined one does. A rule of the person's says nothing about what was learned.
 */
const COUNTED_DECIDERS: readonly (Decider | null)[] = ['network', 'words'];

/**
 * Returns the swipes that count for agreement, in the same order. A visible verdict anchors people, so it doesn't count;
 * neither does a decision in which no version of the taste took part, or one about a profile that it may have learned from.
 *
 * @param threshold if given, decides again by the stored probabilities. If someone tries many thresholds and keeps the
 *   best one, its agreement is too high, like any figure that was chosen after looking.
 */
export function countedSwipes(swipes: Iterable<JudgedSwipe>, threshold?: number): CountedSwipe[] {
  const counted: CountedSwipe[] = [];
  for (const { swipe, decision, probability, decidedBy, verdict, isFirst, model } of swipes) {
    if (model === null || !isVersionForm(model)) continue;
    if (!isFirst || verdict !== 'hidden' || !COUNTED_DECIDERS.includes(decidedBy)) continue;
    if (decision === null || decision === 'hold' || probability === null) continue;
    const liked = swipe === 'right';
    const decidedRight = threshold === undefined ? decision === 'right' : probability >= threshold;
    counted.push({ liked, agreed: decidedRight === liked });
  }
  return counted;
}

/** Returns the agreement with one more swipe. */
export function withSwipe(agreement: Agreement, { liked, agreed }: CountedSwipe): Agreement {
  const add = (tally: Tally): Tally =>
    agreed ? { ...tally, agreed: tally.agreed + 1 } : { ...tally, disagreed: tally.disagreed + 1 };
  return liked
    ? { likes: add(agreement.likes), passes: agreement.passes }
    : { likes: agreement.likes, passes: add(agreement.passes) };
}

/** Returns the share of a tally that agreed, 0 to 1, or undefined if it is empty. */
export function shareOf({ agreed, disagreed }: Tally): number | undefined {
  const counted = agreed + disagreed;
  return counted > 0 ? agreed / counted : undefined;
}

/** Returns the mean of both labels' shares, 0 to 1, or undefined before both labels have a swipe. Chance gives 0.5. */
export function balancedAgreement({ likes, passes }: Agreement): number | undefined {
  const [ofLikes, ofPasses] = [shareOf(likes), shareOf(passes)];
  return ofLikes === undefined || ofPasses === undefined ? undefined : (ofLikes + ofPasses) / 2;
}

/** What an older swipe weighs after each newer one with the same label. The weights add up to 50 swipes. */
const FADING_FACTOR = 0.98;

/**
 * Returns the agreement with one more swipe, in which older swipes fade (Gama, Sebastião & Rodrigues 2013, "On
 * evaluating stream learning algorithms"). Each label fades by its own swipes. If all swipes faded both labels, a person
 * with 5% likes would be judged by their last five.
 */
export function withFadingSwipe(faded: Agreement, swipe: CountedSwipe): Agreement {
  const fade = ({ agreed, disagreed }: Tally): Tally => {
    return { agreed: FADING_FACTOR * agreed, disagreed: FADING_FACTOR * disagreed };
  };
  const { likes, passes } = faded;
  return withSwipe(swipe.liked ? { likes: fade(likes), passes } : { likes, passes: fade(passes) }, swipe);
}
