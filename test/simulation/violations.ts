/** Something that must never be. */
export interface Violation {
  readonly seed: number;
  /** The position in the deck; undefined where it cannot be told. */
  readonly step: number | undefined;
  readonly expected: string;
  readonly came: string;
}

/** The violations of a run. */
export class Violations {
  readonly found: Violation[] = [];
  readonly #seed: number;
  readonly #tell: (violation: Violation) => void;

  /** @param tell is told of each as it is found. */
  constructor(seed: number, tell: (violation: Violation) => void) {
    this.#seed = seed;
    this.#tell = tell;
  }

  /** Notes one. */
  add(step: number | undefined, expected: string, came: string): void {
    const violation = { seed: this.#seed, step, expected, came };
    this.found.push(violation);
    this.#tell(violation);
  }
}

/** One line for people. */
export function violationText({ seed, step, expected, came }: Violation): string {
  return `violation: seed ${seed}, step ${step ?? '?'}: expected ${expected}; came ${came}`;
}
