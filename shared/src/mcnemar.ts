/**
 * McNemar's exact test of two classifiers on the same items: how likely a difference at least this large is if both are
 * equally good. Only the items count on which exactly one of them is right. Then each of those is as likely to be the
 * first one's as the second one's, so their number is binomial with probability 1/2. The test has two sides.
 *
 * @param firstRight the number of items on which only the first is right.
 * @param secondRight the number of items on which only the second is right.
 * @returns from 0 to 1; 1 without such items.
 */
export function mcnemarP(firstRight: number, secondRight: number): number {
  const count = firstRight + secondRight;
  const fewer = Math.min(firstRight, secondRight);
  let logTerm = -count * Math.LN2; // of `at` = 0: ln(binomial(count, at) / 2^count)
  let tail = 0;
  for (let at = 0; at <= fewer; at += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((count - at) / (at + 1));
  }
  return Math.min(1, 2 * tail);
}
