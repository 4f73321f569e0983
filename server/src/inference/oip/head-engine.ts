import { likeOf, type ReadHead } from '../../googlenet/linear-head.ts';
import type { PhotoCrop } from '../../image/photo-bytes.ts';
import { toFloat16 } from '../../runtime/float16.ts';
import type { Engine, EngineStats, PhotoInference, RunOptions } from '../engine.ts';

/**
 * A head on a network that another engine runs. The other engine returns exact features and needn't know the head, so it
 * can be used for one head after the other. Results have no evidence, because it needs more than the means of the maps.
 */
export class HeadEngine implements Engine {
  readonly #network: Engine;
  readonly #head: ReadHead;

  constructor(network: Engine, head: ReadHead) {
    this.#network = network;
    this.#head = head;
  }

  get alive(): boolean {
    return this.#network.alive;
  }

  get slots(): number {
    return this.#network.slots ?? 1;
  }

  get stats(): EngineStats {
    return this.#network.stats;
  }

  ready(): Promise<void> {
    return this.#network.ready();
  }

  async run(photos: readonly PhotoCrop[], options?: RunOptions): Promise<readonly PhotoInference[]> {
    const described = await this.#network.run(photos, options);
    return described.map(({ features }) => ({
      like: likeOf(this.#head, features),
      evidence: new Float32Array(),
      features: toFloat16(features), // nobody needs them more exactly from here on, and results are cached
    }));
  }

  close(): Promise<void> {
    return this.#network.close();
  }
}
