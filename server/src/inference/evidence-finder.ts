import type { ReceivedPhoto } from '../image/photo-bytes.ts';
import type { ScoredPhoto, ScoreOptions, Scorer } from './scorer.ts';
import { SecondScorer } from './second-scorer.ts';

/** The model on this machine, in an engine of its own. */
interface ModelHere {
  readonly scorer: Pick<Scorer, 'score'>;
  readonly close: () => Promise<void>;
}

/**
 * Finds the evidence of photos whose scores have none: those of a head whose network runs on other machines. It runs the
 * whole model on this machine, only for requests that ask for evidence, and from the first of them on.
 */
export class EvidenceFinder {
  readonly #here: SecondScorer<ModelHere>;
  readonly #searches = new Set<Promise<unknown>>();

  /** @param open opens the same model on this machine. */
  constructor(open: () => Promise<ModelHere>) {
    this.#here = new SecondScorer(open);
  }

  /**
   * Adds evidence to scores.
   *
   * @param scoring the scores, in the order of the photos.
   * @throws what `Scorer.score` and opening the model throw.
   */
  find(
    photos: readonly ReceivedPhoto[],
    scoring: Promise<readonly ScoredPhoto[]>,
    { priority, signal, caller }: ScoreOptions,
  ): Promise<readonly ScoredPhoto[]> {
    const here = this.#here.get().then(({ scorer }) => scorer.score(photos, { priority, signal, caller }));
    const search = Promise.all([scoring, here]).then(([scored, found]) =>
      scored.map((photo, at) => {
        const own = found[at]!;
        return 'error' in photo || 'error' in own ? photo : { ...photo, evidence: own.evidence };
      }),
    );
    const ended = search.then(
      () => {},
      () => {}, // the caller gets the error
    );
    this.#searches.add(ended);
    void ended.then(() => this.#searches.delete(ended));
    return search;
  }

  /** Waits for the searches in progress, then ends the engine. */
  async close(): Promise<void> {
    await Promise.all(this.#searches);
    await this.#here.release();
  }
}
