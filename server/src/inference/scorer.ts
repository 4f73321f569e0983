import { isPhotoError, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';
import pLimit from 'p-limit';
import type { Batcher } from './batcher.ts';
import type { Clock } from './clock.ts';
import type { PhotoInference } from './engine.ts';

/** One photo's outcome: what the network says of it, or what is wrong with it. `inferenceMs` includes the wait, `queueMs`. */
export type ScoredPhoto =
  | ({ readonly decodeMs: number; readonly queueMs: number; readonly inferenceMs: number } & PhotoInference)
  | { readonly error: SwipenetError };

/** How the photos of one request want to be treated. */
export interface ScoreOptions {
  readonly priority: Priority;
  /** Ends the work when the request is past its deadline or its client gone. */
  readonly signal: AbortSignal;
  /** Called whenever one of the photos leaves the queue for an engine. */
  readonly onStart?: () => void;
}

/** What a scorer is made of. */
export interface ScorerOptions {
  /** A photo's bytes → `[1, 224, 224]` uint8; throws a photo error. */
  readonly preprocess: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly batcher: Batcher<Uint8Array, PhotoInference>;
  /** Photos that are decoded side by side. */
  readonly decodeConcurrency: number;
  /** Photos that may be on their way at once; a request that would exceed it is refused. */
  readonly maxPhotosInFlight: number;
  readonly clock: Clock;
}

/** From photos' bytes to their confidences: decoded side by side, then batched with everyone else's. */
export class Scorer {
  readonly #options: ScorerOptions;
  readonly #decoding: ReturnType<typeof pLimit>;
  #photosInFlight = 0;

  constructor(options: ScorerOptions) {
    this.#options = options;
    this.#decoding = pLimit(options.decodeConcurrency);
  }

  /**
   * Scores photos, in order. A faulty photo is an `error` among the outcomes; the others are scored all the same.
   *
   * @throws SwipenetError `queue_full` at once, without any work; `engine_failed`, `shutting_down`; the signal's reason.
   */
  async score(photos: readonly Uint8Array[], { priority, signal, onStart }: ScoreOptions): Promise<ScoredPhoto[]> {
    const { maxPhotosInFlight } = this.#options;
    if (this.#photosInFlight + photos.length > maxPhotosInFlight) {
      throw new SwipenetError(
        'queue_full',
        `${this.#photosInFlight} of ${maxPhotosInFlight} photos are on their way already`,
      );
    }
    this.#photosInFlight += photos.length;
    // When one photo ends the request (its engine failed), the others are not worth computing any more.
    const over = new AbortController();
    const each = { priority, signal: AbortSignal.any([signal, over.signal]), ...(onStart && { onStart }) };
    try {
      return await Promise.all(photos.map((bytes) => this.#scorePhoto(bytes, each)));
    } catch (error) {
      over.abort(error);
      throw error;
    } finally {
      this.#photosInFlight -= photos.length;
    }
  }

  async #scorePhoto(bytes: Uint8Array, { priority, signal, onStart }: ScoreOptions): Promise<ScoredPhoto> {
    const { batcher, preprocess, clock } = this.#options;
    try {
      const { photo, decodeMs } = await this.#decoding(async () => {
        signal.throwIfAborted();
        const begin = clock.now();
        return { photo: await preprocess(bytes), decodeMs: clock.now() - begin };
      });
      const begin = clock.now();
      let leftAt = begin;
      const inference = await batcher.submit(photo, {
        priority,
        signal,
        onStart: () => {
          leftAt = clock.now();
          onStart?.();
        },
      });
      return { ...inference, decodeMs, queueMs: leftAt - begin, inferenceMs: clock.now() - begin };
    } catch (error) {
      if (isPhotoError(error)) return { error };
      throw error;
    }
  }
}
