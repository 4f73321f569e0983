/**
 * Something to measure. One call is one round, which processes a number of units (photos, floating-point operations).
 */
export interface Contender {
  /** Its name in JSON, which is the same on every machine. */
  readonly key: string;
  readonly name: string;
  readonly unitsPerRound: number;
  readonly round: () => Promise<unknown>;
}

/** The measured speed of a contender. */
export interface Speed {
  readonly key: string;
  readonly name: string;
  /** Units per second in the fastest round, because that is the least disturbed one on a shared machine. */
  readonly perSecond: number;
  /** Duration of the median round in milliseconds. */
  readonly medianMs: number;
  readonly rounds: number;
}

/** Default number of rounds per turn. In the first one, threads of the previous contender may still spin. */
const ROUNDS_PER_TURN = 4;

/**
 * Measures contenders in turns, so that anything else on the machine disturbs all of them equally. Compare speeds only
 * within one call, never with those of another day. Each contender first runs one round that doesn't count.
 */
export async function race(
  contenders: readonly Contender[],
  turns: number,
  roundsPerTurn = ROUNDS_PER_TURN,
): Promise<Speed[]> {
  const times = contenders.map((): number[] => []);
  for (const { round } of contenders) await round();
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, { round }] of contenders.entries()) {
      for (let count = 0; count < roundsPerTurn; count += 1) {
        const begin = performance.now();
        await round();
        times[index]?.push(performance.now() - begin);
      }
    }
  }
  return contenders.map(({ key, name, unitsPerRound }, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b);
    return {
      key,
      name,
      perSecond: (unitsPerRound * 1000) / sorted[0]!,
      medianMs: sorted[sorted.length >> 1]!,
      rounds: sorted.length,
    };
  });
}

/** Returns the smallest number that a share of the numbers doesn't exceed. */
export const quantile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(share * (numbers.length - 1))]!;
