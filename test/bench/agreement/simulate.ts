import {
  type Agreement,
  type CountedSwipe,
  NO_AGREEMENT,
  shareOf,
  type Tally,
  withSwipe,
} from '@swipenet/server/taste/agreement/agreement.ts';
import { logWealth } from '@swipenet/server/taste/agreement/agreement-bound.ts';
import { advanceGate, type Gate, NEW_GATE } from '@swipenet/server/taste/agreement/gate.ts';
import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import type { Kind, Person } from './people.ts';

/** How many people of a kind to simulate, and from which random seed. */
export interface Sample {
  readonly people: number;
  readonly seed: number;
}

/** Returns the share of people for whom the gate opens within this many counted swipes, although it shouldn't. */
export function falseOpenings(kind: Kind, { people, seed }: Sample, swipes: number, required: number): number {
  const opened = peopleOf(kind, { people, seed }).filter((person) => {
    return swipesUntil(person, swipes, required, ({ isOpen }) => isOpen) !== undefined;
  });
  return opened.length / people;
}

/**
 * Returns the share of people with independent likes for whom the gate would have been open at some time if they had set
 * the best of these thresholds from the start. The network's probabilities are uniformly distributed.
 */
export function falseOpeningsOfBestThreshold(
  { people, seed }: Sample,
  swipes: number,
  required: number,
  thresholds: readonly number[],
): number {
  const opened = Array.from({ length: people }, (_, at) => {
    const random = seededRandom(seedOf(seed, at));
    const likeRate = 0.05 + 0.55 * random();
    const history = Array.from({ length: swipes }, () => ({ liked: random() < likeRate, probability: random() }));
    return thresholds.some((threshold) => {
      let next = 0;
      const person = (): CountedSwipe => {
        const { liked, probability } = history[next++]!;
        return { liked, agreed: probability >= threshold === liked };
      };
      return swipesUntil(person, swipes, required, ({ isOpen }) => isOpen) !== undefined;
    });
  });
  return opened.filter(Boolean).length / people;
}

/** Returns the median number of counted swipes until the gate opens, or infinity if it doesn't for most people. */
export function medianUntilOpen(kind: Kind, sample: Sample, swipes: number, required: number): number {
  return median(
    peopleOf(kind, sample).map((person) => swipesUntil(person, swipes, required, ({ isOpen }) => isOpen) ?? Infinity),
  );
}

/** Returns how often per 1,000 counted swipes the gate shuts on people for whom it opened rightly. */
export function falseShutsPerThousand(kind: Kind, { people, seed }: Sample, swipes: number, required: number): number {
  let [shut, open] = [0, 0];
  for (const person of peopleOf(kind, { people, seed })) {
    let gate = NEW_GATE;
    for (let count = 0; count < swipes; count += 1) {
      if (gate.isOpen) open += 1;
      gate = advanceGate(gate, person(), required);
    }
    shut += gate.timesShut;
  }
  return open === 0 ? 0 : (1_000 * shut) / open;
}

/**
 * Returns the median number of counted swipes from a change of taste until the gate shuts. It has been open for 300
 * swipes of `before` then.
 */
export function medianUntilShut(before: Kind, after: Kind, { people, seed }: Sample, required: number): number {
  return median(
    peopleOf(before, { people, seed }).map((person, at) => {
      let gate: Gate = { ...NEW_GATE, isOpen: true };
      for (let count = 0; count < 300; count += 1) gate = { ...advanceGate(gate, person(), required), isOpen: true };
      const changed = after(seededRandom(seedOf(seed, at, 1)));
      return swipesUntil(changed, 5_000, required, ({ isOpen }) => !isOpen, gate) ?? Infinity;
    }),
  );
}

/**
 * Returns the median number of counted swipes until the mean of two bounds with 97.5% confidence each reaches the
 * setting: the simpler way, for comparison.
 */
export function medianOfTwoBounds(kind: Kind, sample: Sample, swipes: number, required: number): number {
  return median(
    peopleOf(kind, sample).map((person) => {
      let agreement: Agreement = NO_AGREEMENT;
      let bounds = 0;
      for (let count = 1; count <= swipes; count += 1) {
        agreement = withSwipe(agreement, person());
        // The bound of each label moves slowly, so every fifth look is precise enough for a median.
        if (count % 5 === 0) bounds = (boundOfLabel(agreement.likes) + boundOfLabel(agreement.passes)) / 2;
        if (bounds >= required) return count;
      }
      return Infinity;
    }),
  );
}

/** The lower bound of one label's share with 97.5% confidence, by the same bets. */
function boundOfLabel(tally: Tally): number {
  const isRejected = (share: number) =>
    // With both labels alike, the least favorable pair is alike too, and the wealth is the square of one label's.
    logWealth({ likes: tally, passes: tally }, share) >= 2 * Math.log(40);
  let [low, high] = [0, shareOf(tally) ?? 0];
  for (let halving = 0; halving < 12; halving += 1) {
    const middle = (low + high) / 2;
    if (isRejected(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Returns after how many counted swipes the gate does what is awaited, or undefined if it doesn't. */
function swipesUntil(
  person: Person,
  most: number,
  required: number,
  isAwaited: (gate: Gate) => boolean,
  start = NEW_GATE,
): number | undefined {
  let gate = start;
  for (let count = 1; count <= most; count += 1) {
    gate = advanceGate(gate, person(), required);
    if (isAwaited(gate)) return count;
  }
  return undefined;
}

const peopleOf = (kind: Kind, { people, seed }: Sample): Person[] =>
  Array.from({ length: people }, (_, at) => kind(seededRandom(seedOf(seed, at))));

const median = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1]!;
