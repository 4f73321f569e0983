import { type Agreement, shareOf, type Tally } from './agreement.ts';

/**
 * A lower bound of balanced agreement that holds at every look.
 *
 * **The game** (Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting"). Suppose that the
 * network really agrees with a share a₁ of the likes and a₀ of the passes. A skeptic starts with a wealth of 1 and bets
 * before each swipe: the wealth is multiplied by 1 + λ · (x − a), where x is 1 if the network agrees and 0 if not, a is
 * the claimed share of that swipe's label, and λ is chosen before x is known. If the claim is true, no choice of λ makes
 * the wealth grow on average, so it ever reaches 20 with a probability of at most 1/20 (Ville's inequality). So if it
 * does, the claim is rejected with 95% confidence, however often one looks.
 *
 * **The bets.** The skeptic predicts q = (agreed + 6) / (agreed + disagreed + 8) from the earlier swipes of the same
 * label, and bets λ = (q − a) / (a · (1 − a)), which is the best choice if q is right (Kelly). The product of these
 * factors is a ratio of likelihoods, with a Beta(6, 2) mixture in the numerator. It depends only on the four counts, not
 * on the order of the swipes. This also makes it hard to fool: a network that says right more often on some days agrees
 * with more likes and fewer passes on those days, which would be an easy win for bets that follow such days.
 *
 * **The bound.** Both labels' wealth is multiplied, and every pair (a₁, a₀) whose mean is at most b must be rejected
 * before b is. The least favorable pair is the constrained maximum of a concave likelihood, which bisection finds. This
 * is much tighter than the mean of two bounds that share the 5%, because the labels don't have to be unlucky on their
 * own: with a balanced agreement of 0.75 and 20% likes, the gate opens after half as many swipes (`npm run bench --
 * agreement`). Spertus, Sridhar & Stark 2024, "Sequential stratified inference for the mean", have the general case.
 */
export const CONFIDENCE = 0.95;

/** The log of the wealth at which a claim is rejected. */
export const REJECTING_LOG_WEALTH = Math.log(1 / (1 - CONFIDENCE));

/**
 * The skeptic's first guess, as if 8 earlier swipes had had an agreement of 0.75, which is a good result for real taste.
 * Any guess is valid. This one opens the gate early between 0.65 and 0.9 and also for a network that favors one label.
 */
export const FIRST_GUESS: Tally = { agreed: 6, disagreed: 2 };

/** Enough halvings of an interval of length 1 to reach the precision of a double. */
const HALVINGS = 50;

/**
 * Returns the natural log of the wealth against the claim that balanced agreement is at most `balanced` (0 to 1): the
 * smallest wealth over all pairs of shares that fit the claim.
 */
export function logWealth({ likes, passes }: Agreement, balanced: number): number {
  const bets = logMixture(likes) + logMixture(passes);
  const [ofLikes, ofPasses] = [shareOf(likes) ?? 0, shareOf(passes) ?? 0];
  if ((ofLikes + ofPasses) / 2 <= balanced)
    return bets - logLikelihood(likes, ofLikes) - logLikelihood(passes, ofPasses);
  const sum = 2 * balanced;
  let [low, high] = [Math.max(0, sum - 1), Math.min(1, sum)];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (slope(likes, middle) > slope(passes, sum - middle)) low = middle;
    else high = middle;
  }
  const leastFavorable = (low + high) / 2;
  return bets - logLikelihood(likes, leastFavorable) - logLikelihood(passes, sum - leastFavorable);
}

/** Returns the lower bound of balanced agreement, 0 to 1. It is at most 0.5 before both labels have a swipe. */
export function lowerBound(agreement: Agreement): number {
  let [low, high] = [0, ((shareOf(agreement.likes) ?? 0) + (shareOf(agreement.passes) ?? 0)) / 2];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (logWealth(agreement, middle) >= REJECTING_LOG_WEALTH) low = middle;
    else high = middle;
  }
  return low;
}

/** The log of the likelihood of a tally whose swipes agree with this probability. */
const logLikelihood = ({ agreed, disagreed }: Tally, share: number) =>
  timesLog(agreed, share) + timesLog(disagreed, 1 - share);

/** The derivative of {@link logLikelihood}, which falls. */
const slope = ({ agreed, disagreed }: Tally, share: number) =>
  (agreed > 0 ? agreed / share : 0) - (disagreed > 0 ? disagreed / (1 - share) : 0);

/** The log of the product of the skeptic's predictions of each swipe of a tally: a ratio of two beta functions. */
const logMixture = ({ agreed, disagreed }: Tally) =>
  logBeta(agreed + FIRST_GUESS.agreed, disagreed + FIRST_GUESS.disagreed) -
  logBeta(FIRST_GUESS.agreed, FIRST_GUESS.disagreed);

const timesLog = (count: number, probability: number) => (count > 0 ? count * Math.log(probability) : 0);

const logBeta = (one: number, other: number) =>
  logFactorial(one - 1) + logFactorial(other - 1) - logFactorial(one + other - 1);

/** The logs of the factorials so far, because a history of swipes asks for them again and again. */
const logFactorials = [0];

function logFactorial(count: number): number {
  while (logFactorials.length <= count) logFactorials.push(logFactorials.at(-1)! + Math.log(logFactorials.length));
  return logFactorials[count]!;
}
