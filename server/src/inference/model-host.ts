import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { OpenScorer } from './open-scorer.ts';

/** What a host loads models by. */
export interface ModelHostOptions {
  /** Finds a model, the one to begin with where none is named; checks its files, starts its engines and warms them. */
  readonly open: (modelId: string | undefined) => Promise<OpenScorer>;
  /** Told when an old model's engines could not be ended well; it answers nobody any more by then. */
  readonly onTrouble?: (error: Error) => void;
}

/**
 * The model that answers, which can be exchanged while it does. Whoever scores takes {@link ModelHost.current} once and
 * has one model for all photos of a request. An exchange starts the new model's engines beside the old ones, warms
 * them, lets them take over, and ends the old ones when everything that was theirs is answered.
 */
export class ModelHost {
  readonly #options: ModelHostOptions;
  #current: OpenScorer;
  /** Exchanges come one after the other; the next begins when the last one's old engines have ended. */
  #exchanging: Promise<unknown> = Promise.resolve();
  #closing = false;

  private constructor(options: ModelHostOptions, current: OpenScorer) {
    this.#options = options;
    this.#current = current;
  }

  /** Opens the first model. Throws what `open` throws. */
  static async open(options: ModelHostOptions, modelId: string | undefined): Promise<ModelHost> {
    return new ModelHost(options, await options.open(modelId));
  }

  /** What answers now. */
  get current(): OpenScorer {
    return this.#current;
  }

  /**
   * Exchanges the model; the same id again takes what stands on disk now. Resolves when the new one answers.
   *
   * @throws what `open` throws, and SwipenetError `shutting_down`; the old model then goes on as if nothing had been asked.
   */
  async reload(modelId: string): Promise<OpenScorer> {
    const exchange = this.#exchanging.then(() => this.#exchange(modelId));
    this.#exchanging = exchange.then(
      ({ old }) => old.close().catch(this.#options.onTrouble),
      () => {}, // told to whoever asked for it
    );
    return (await exchange).next;
  }

  /** Waits for an exchange under way, answers what is on its way, and ends the engines. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#exchanging;
    await this.#current.close();
  }

  async #exchange(modelId: string): Promise<{ next: OpenScorer; old: OpenScorer }> {
    if (this.#closing) throw new SwipenetError('shutting_down', 'the server is shutting down');
    const next = await this.#options.open(modelId);
    const old = this.#current;
    this.#current = next;
    return { next, old };
  }
}
