import type { Label } from '@swipenet/shared/confidence.ts';

/** A photo whose label is known, and the margin that a model gives it: the logit of LIKE minus that of NOPE. */
export interface MarginPhoto {
  readonly label: Label;
  readonly margin: number;
  /** How much it counts; 1 where nothing else is said. */
  readonly weight?: number;
}

/** A temperature and what it was worth. */
export interface FittedTemperature {
  /** What logits are divided by; 1 where the photos cannot say. */
  readonly temperature: number;
  /**
   * `fitted`; or why it could not be: `separable`, every photo is on its side, so that no confidence would be too high;
   * `uninformative`, the margins tell nothing of the labels.
   */
  readonly reason: 'fitted' | 'separable' | 'uninformative';
  /** Mean negative log-likelihood a photo, in nats, at temperature 1. */
  readonly lossBefore: number;
  /** The same at the fitted temperature. */
  readonly lossAfter: number;
}

/** Inverse temperatures that are searched: beyond these a confidence is 0.5 or 0 and 1 whatever the margin. */
const SLOPES = { low: 1 / 100, high: 100 };

/** Halvings of the search: more than a double can tell apart. */
const HALVINGS = 60;

/** The LIKE confidence of a margin: the softmax of two logits at a temperature. */
export function confidenceOf(margin: number, temperature = 1): number {
  return 1 / (1 + Math.exp(-margin / temperature));
}

/** Mean negative log-likelihood of the labels, in nats. `log(1 + exp(x))` is written so that it never overflows. */
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
 * Fits the temperature of Guo et al. (2017) on photos that were not trained on: the one that minimises the negative
 * log-likelihood. In the inverse temperature the loss is convex, so its slope changes sign at most once, and halving the
 * interval finds where: no step size, no starting point, no other minimum.
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

/** The derivative of the summed loss by the inverse temperature: it only grows. */
function slope(photos: readonly MarginPhoto[], inverse: number): number {
  return photos.reduce((sum, { label, margin, weight = 1 }) => {
    const right = label === 'LIKE' ? margin : -margin;
    return sum - (weight * right) / (1 + Math.exp(right * inverse));
  }, 0);
}
