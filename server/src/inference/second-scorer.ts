/** What a second scorer must be able to do. */
interface Closable {
  close(): Promise<void>;
}

/** A scorer that runs beside the server's model. It is opened when it is first needed. */
export class SecondScorer<OpenScorer extends Closable> {
  readonly #open: () => Promise<OpenScorer>;
  #opening: Promise<OpenScorer> | undefined;
  #current: OpenScorer | undefined;

  /** @param open opens it. If that fails, the next use tries again. */
  constructor(open: () => Promise<OpenScorer>) {
    this.#open = open;
  }

  /** The scorer, while it is open. */
  get current(): OpenScorer | undefined {
    return this.#current;
  }

  /** Returns the scorer. Throws what opening it throws. */
  get(): Promise<OpenScorer> {
    if (this.#opening) return this.#opening;
    const opening = this.#open();
    this.#opening = opening;
    // If it was released meanwhile, it is about to be closed, and another one may be opening.
    opening.then(
      (scorer) => {
        if (this.#opening === opening) this.#current = scorer;
      },
      () => {
        if (this.#opening === opening) this.#opening = undefined;
      },
    );
    return opening;
  }

  /** Closes it. The next use opens it again. */
  async release(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#current = undefined;
    await opening?.then(
      (scorer) => scorer.close(),
      () => {}, // it was never open
    );
  }
}
