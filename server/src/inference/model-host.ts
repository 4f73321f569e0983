import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ServedModel } from '../registry/model-registry.ts';
import type { OpenScorer } from './open-scorer.ts';

/** A model with the scorer that runs it. */
export interface HostedModel extends OpenScorer {
  readonly model: ServedModel;
}

/** What a host loads models by. */
export interface ModelHostOptions {
  /** Finds a model and checks its files; the one to begin with where none is named. */
  readonly load: (modelId: string | undefined) => Promise<ServedModel>;
  /** Starts its engines and warms them. */
  readonly open: (model: ServedModel) => Promise<OpenScorer>;
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
  #current: HostedModel;
  /** Exchanges come one after the other; the next begins when the last one's old engines have ended. */
  #exchanging: Promise<unknown> = Promise.resolve();
  #closing = false;

  private constructor(options: ModelHostOptions, current: HostedModel) {
    this.#options = options;
    this.#current = current;
  }

  /** Opens the first model. Throws what `load` and `open` throw. */
  static async open(options: ModelHostOptions, modelId: string | undefined): Promise<ModelHost> {
    return new ModelHost(options, await openModel(options, modelId));
  }

  /** What answers now. */
  get current(): HostedModel {
    return this.#current;
  }

  /**
   * Exchanges the model; the same id again takes what stands on disk now. Resolves when the new one answers.
   *
   * @throws what `load` and `open` throw, and SwipenetError `shutting_down`; the old model then goes on as if nothing had been asked.
   */
  async reload(modelId: string): Promise<HostedModel> {
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

  async #exchange(modelId: string): Promise<{ next: HostedModel; old: HostedModel }> {
    if (this.#closing) throw new SwipenetError('shutting_down', 'the server is shutting down');
    const next = await openModel(this.#options, modelId);
    const old = this.#current;
    this.#current = next;
    return { next, old };
  }
}

async function openModel({ load, open }: ModelHostOptions, modelId: string | undefined): Promise<HostedModel> {
  const model = await load(modelId);
  return { model, ...(await open(model)) };
}
