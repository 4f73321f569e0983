import { Child } from '../../child/child.ts';
import type { Clock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import type { ServedModel } from '../../registry/model-registry.ts';
import type { LayerAnswer, LayerQuestion, LayersProtocol } from './layers-process.ts';

/** The part of a child process that the viewer uses. Tests pass their own. */
export type LayersChild = Pick<Child<LayersProtocol>, 'ask' | 'kill' | 'alive' | 'exited'>;

/** What a viewer needs. */
export interface LayerViewerOptions {
  readonly clock: Clock;
  readonly start?: () => LayersChild;
}

const PROGRAM = new URL('./layers-process.ts', import.meta.url);

/** Opening and looking take less than a second of computation, however long that takes on a busy machine. */
const PATIENCE = { idleMs: 30_000 };

/** The process has about 200 MB. It ends when nobody has looked for this long. */
const IDLE_MS = 60_000;

/** Looks into the layers of a model, one photo at a time, in a process that is there while somebody looks. */
export class LayerViewer {
  readonly #clock: Clock;
  readonly #start: () => LayersChild;
  #open: { readonly child: LayersChild; readonly sha256: string } | undefined;
  #previous: Promise<unknown> = Promise.resolve();
  /** Aborts when somebody looks again. */
  #idle = new AbortController();

  constructor({ clock, start }: LayerViewerOptions) {
    this.#clock = clock;
    this.#start = start ?? (() => new Child<LayersProtocol>(PROGRAM, { name: 'layers', clock }));
  }

  /** Looks into a layer of an fp32 model. Throws CommandError `model_invalid`, and the signal's reason. */
  look(model: ServedModel, question: LayerQuestion, signal: AbortSignal): Promise<LayerAnswer> {
    const looked = this.#previous.then(async () => {
      signal.throwIfAborted(); // nobody waits for it anymore
      return await this.#look(model, question);
    });
    this.#previous = looked.catch(() => {});
    return looked;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#idle.abort();
    await this.#end();
  }

  async #look({ manifest, modelPath }: ServedModel, question: LayerQuestion): Promise<LayerAnswer> {
    this.#idle.abort();
    try {
      const { sha256 } = manifest.model;
      if (this.#open?.sha256 !== sha256 || !this.#open.child.alive) {
        await this.#end();
        this.#open = { child: this.#start(), sha256 };
        await this.#open.child.ask('open', { modelPath, sha256 }, PATIENCE);
      }
      return await this.#open.child.ask('look', question, PATIENCE);
    } catch (cause) {
      await this.#end();
      const [reason] = (cause as Error).message.split('\n');
      throw new CommandError('model_invalid', `can’t look into the model ${manifest.id}: ${reason}`, { cause });
    } finally {
      this.#idle = new AbortController();
      this.#clock.delay(IDLE_MS, this.#idle.signal).then(
        () => this.#end(),
        () => {}, // somebody looks again
      );
    }
  }

  async #end(): Promise<void> {
    const { child } = this.#open ?? {};
    this.#open = undefined;
    child?.kill();
    await child?.exited;
  }
}
