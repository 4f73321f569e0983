import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { OpenScorer } from './open-scorer.ts';

/** How a host opens models and reports trouble. */
export interface ModelHostOptions {
  /** Opens a model, or the initial one if no ID is given: checks its files, then starts and warms up its engines. */
  readonly open: (modelId: string | undefined) => Promise<OpenScorer>;
  /** Called when an old model's engines don't close cleanly. Nothing uses them by then. */
  readonly onTrouble?: (error: Error) => void;
}

/**
 * Holds the model that answers requests, and switches models without dropping requests. A request reads `current` once,
 * so one model scores all of its photos. A switch starts the new model's engines beside the old ones, warms them up and
 * makes the new model current. The old engines end when they have answered their last photo.
 */
export class ModelHost {
  readonly #options: ModelHostOptions;
  #current: OpenScorer;
  /** Switches run one at a time. Each waits until the old engines of the previous one have ended. */
  #switching: Promise<unknown> = Promise.resolve();
  #closing = false;

  private constructor(options: ModelHostOptions, current: OpenScorer) {
    this.#options = options;
    this.#current = current;
  }

  /** Opens the first model. Throws whatever `open` throws. */
  static async open(options: ModelHostOptions, modelId: string | undefined): Promise<ModelHost> {
    return new ModelHost(options, await options.open(modelId));
  }

  /** The current model and its scorer. */
  get current(): OpenScorer {
    return this.#current;
  }

  /**
   * Switches to a model. The current model's ID reloads that model from disk. Resolves when the new model is current.
   *
   * @throws whatever `open` throws, and SwipenetError `shutting_down`. The old model then stays in use.
   */
  async reload(modelId: string): Promise<OpenScorer> {
    const switching = this.#switching.then(() => this.#switchTo(modelId));
    this.#switching = switching.then(
      ({ old }) => old.close().catch(this.#options.onTrouble),
      () => {}, // the caller of this switch gets the error
    );
    return (await switching).next;
  }

  /** Waits for a switch in progress, answers the photos in flight, and ends the engines. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#switching;
    await this.#current.close();
  }

  async #switchTo(modelId: string): Promise<{ next: OpenScorer; old: OpenScorer }> {
    if (this.#closing) throw new SwipenetError('shutting_down', 'the server is shutting down');
    const next = await this.#options.open(modelId);
    const old = this.#current;
    this.#current = next;
    return { next, old };
  }
}
