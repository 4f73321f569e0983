import type { Label } from '@swipenet/shared/confidence.ts';

/** A labeled photo and a model's margin for it: LIKE's logit minus NOPE's. */
export interface MarginPhoto {
  readonly label: Label;
  readonly margin: number;
  /** How much the photo counts, 1 by default. */
  readonly weight?: number;
}

/** A temperature and its effect. */
export interface FittedTemperature {
  /** The divisor of the logits, or 1 if it can't be fitted. */
  readonly temperature: number;
  /**
   * `fitted`, or why it couldn't be fitted. `separable`: every photo is on the correct side, so no confidence would be
   * too high. `uninformative`: the margins say nothing about the labels.
   */
  readonly reason: 'fitted' | 'separable' | 'uninformative';
  /** The mean negative log-likelihood at temperature 1, in nats per photo. */
  readonly lossBefore: number;
  /** The same at the fitted temperature. */
  readonly lossAfter: number;
}

/** The range of inverse temperatures to search. Beyond it, a confidence is always 0.5, or always 0 or 1. */
const SLOPES = { low: 1 / 100, high: 100 };

/** Enough bisection steps to reach the precision of a double. */
const HALVINGS = 60;

/** Returns the LIKE confidence of a margin: the softmax of two logits at a temperature. */
export function confidenceOf(margin: number, temperature = 1): number {
  return 1 / (1 + Math.exp(-margin / temperature));
}

/** Returns the mean negative log-likelihood of the labels, in nats. This form of `log(1 + exp(x))` never overflows. */
export function meanLoss(photos: readonly MarginPhoto[], temperature = 1): number {
  let [losses, weights] = [0, 0];
  for (const { label, margin, weight = 1 } of photos) {
    const wrongness = (label === 'LIKE' ? -margin : margin) / temperature;
    losses += weight * (Math.max(0, wrongness) + Math.log1p(Math.exp(-Math.abs(wrongness))));
    weights += weight;
  }
  return weights === 0 ? 0 : losses / weights;
}

/**
 * Fits the temperature of Guo et al. (2017) on photos that weren't trained on: the one that minimizes the negative
 * log-likelihood. The loss is convex in the inverse temperature, so its slope changes sign at most once, and bisection
 * finds that point. It needs no step size and no starting point, and there are no other minima.
 */
export function fitTemperature(photos: readonly MarginPhoto[]): FittedTemperature {
  const lossBefore = meanLoss(photos);
  const unfitted = (reason: FittedTemperature['reason']) => ({
    temperature: 1,
    reason,
    lossBefore,
    lossAfter: lossBefore,
  });
  let { low, high } = SLOPES;
  if (photos.length === 0 || slope(photos, low) >= 0) return unfitted('uninformative');
  if (slope(photos, high) <= 0) return unfitted('separable');
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = Math.sqrt(low * high);
    if (slope(photos, middle) < 0) low = middle;
    else high = middle;
  }
  const temperature = 1 / Math.sqrt(low * high);
  return { temperature, reason: 'fitted', lossBefore, lossAfter: meanLoss(photos, temperature) };
}

/** The derivative of the summed loss with respect to the inverse temperature. It increases monotonically. */
function slope(photos: readonly MarginPhoto[], inverse: number): number {
  return photos.reduce((sum, { label, margin, weight = 1 }) => {
    const right = label === 'LIKE' ? margin : -margin;
    return sum - (weight * right) / (1 + Math.exp(right * inverse));
  }, 0);
}
