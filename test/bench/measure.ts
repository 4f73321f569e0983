/** Something to be timed: one call is one round; it says how many units (photos, floating-point operations) a round is. */
export interface Contender {
  /** Its name in JSON: the same on every machine. */
  readonly key: string;
  readonly name: string;
  readonly unitsPerRound: number;
  readonly round: () => Promise<unknown>;
}

/** How fast a contender was. */
export interface Speed {
  readonly key: string;
  readonly name: string;
  /** Units a second, from the fastest round: on a shared machine the fastest is the least disturbed. */
  readonly perSecond: number;
  /** Milliseconds of the median round. */
  readonly medianMs: number;
  readonly rounds: number;
}

/** Rounds that a contender runs in one turn, unless told: threads of the one before it still spin through its first. */
const ROUNDS_PER_TURN = 4;

/**
 * Times contenders in turns, so that whatever else the machine does disturbs all of them alike; what comes out is to be
 * compared within one call, never with another day's figures. One round each goes before, unmeasured.
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
