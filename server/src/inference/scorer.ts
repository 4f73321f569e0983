import { isPhotoError, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Clock } from '../clock.ts';
import type { EncodedPhoto, PhotoCrop } from '../image/photo-bytes.ts';
import type { BatcherCounts } from './batch.ts';
import type { Batcher } from './batcher.ts';
import type { PhotoInference } from './engine.ts';
import { type PermitOptions, PrioritySemaphore } from './priority-semaphore.ts';
import type { CacheCounts, ResultCache } from './result-cache.ts';

/**
 * What the network says of a photo, and how long it took: all times are 0 for a photo that was known. `inferenceMs`
 * includes the wait for an engine, `queueMs`.
 */
export type TimedInference = {
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferenceMs: number;
} & PhotoInference;

/** One photo's outcome: what the network says of it, or what is wrong with it. */
export type ScoredPhoto = TimedInference | { readonly error: SwipenetError };

/** How the photos of one request want to be treated; its signal ends the work at its deadline or when its client is gone. */
export interface ScoreOptions extends PermitOptions {
  /** Called whenever one of the photos leaves the queue for an engine; not for one that is known or already on its way. */
  readonly onStart?: (() => void) | undefined;
}

/** What a scorer is doing, and has done since it was opened. */
export interface ScorerStats {
  /** Photos on their way, decoded or not. */
  readonly photosInFlight: number;
  /** Photos that wait to be decoded. */
  readonly waitingToDecode: number;
  readonly batcher: BatcherCounts;
  /** `undefined` where the cache is off. The cache outlives a scorer. */
  readonly cache: CacheCounts | undefined;
}

/** What a scorer is made of. */
export interface ScorerOptions<Photo extends Uint8Array = EncodedPhoto> {
  /** Throws a photo error. */
  readonly preprocess: (photo: Photo) => Promise<PhotoCrop>;
  readonly batcher: Batcher<PhotoCrop, PhotoInference>;
  /** Photos that are decoded side by side. */
  readonly decodeConcurrency: number;
  /** Photos that may be on their way at once; a request that would exceed it is refused. */
  readonly maxPhotosInFlight: number;
  readonly clock: Clock;
  /** Where photos that were seen are known from, and by which key; without it every photo is computed. */
  readonly cache?: { readonly results: ResultCache<TimedInference>; readonly keyOf: (photo: Photo) => string };
}

/**
 * From photos' bytes to their confidences: decoded side by side, then batched with everyone else's. Photos that are the
 * same to the byte are computed once.
 */
export class Scorer<Photo extends Uint8Array = EncodedPhoto> {
  readonly #options: ScorerOptions<Photo>;
  readonly #decoding: PrioritySemaphore;
  readonly #drained = Promise.withResolvers<void>();
  #photosInFlight = 0;
  #closing = false;

  constructor(options: ScorerOptions<Photo>) {
    this.#options = options;
    this.#decoding = new PrioritySemaphore(options.decodeConcurrency);
  }

  /** See {@link ScorerStats}. */
  get stats(): ScorerStats {
    const { batcher, cache } = this.#options;
    return {
      photosInFlight: this.#photosInFlight,
      waitingToDecode: this.#decoding.waiting,
      batcher: batcher.counts,
      cache: cache?.results.counts,
    };
  }

  /** Takes in no more photos, answers those that are on their way, then resolves. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#finishClosing();
    await this.#drained.promise;
    await this.#options.batcher.close();
  }

  /**
   * Scores photos, in order. A faulty photo is an `error` among the outcomes; the others are scored all the same.
   *
   * @throws SwipenetError `queue_full` at once, without any work; `engine_failed`, `shutting_down`; the signal's reason.
   */
  async score(photos: readonly Photo[], { priority, signal, onStart }: ScoreOptions): Promise<ScoredPhoto[]> {
    const { maxPhotosInFlight } = this.#options;
    if (this.#closing) throw new SwipenetError('shutting_down', 'the server is shutting down');
    if (this.#photosInFlight + photos.length > maxPhotosInFlight) {
      throw new SwipenetError(
        'queue_full',
        `${this.#photosInFlight} of ${maxPhotosInFlight} photos are on their way already`,
      );
    }
    this.#photosInFlight += photos.length;
    // When one photo ends the request (its engine failed), the others are not worth computing any more.
    const over = new AbortController();
    const each = { priority, signal: AbortSignal.any([signal, over.signal]), onStart };
    try {
      return await Promise.all(photos.map((photo) => this.#scorePhoto(photo, each)));
    } catch (error) {
      over.abort(error);
      throw error;
    } finally {
      this.#photosInFlight -= photos.length;
      this.#finishClosing();
    }
  }

  #finishClosing(): void {
    if (this.#closing && this.#photosInFlight === 0) this.#drained.resolve();
  }

  async #scorePhoto(photo: Photo, options: ScoreOptions): Promise<ScoredPhoto> {
    const { cache } = this.#options;
    try {
      if (!cache) return await this.#compute(photo, options);
      const { value, kept } = await cache.results.get(cache.keyOf(photo), options, (shared) =>
        this.#compute(photo, { ...shared, onStart: options.onStart }),
      );
      return kept ? { ...value, decodeMs: 0, queueMs: 0, inferenceMs: 0 } : value;
    } catch (error) {
      if (isPhotoError(error)) return { error };
      throw error;
    }
  }

  async #compute(photo: Photo, options: ScoreOptions): Promise<TimedInference> {
    const { batcher, preprocess, clock } = this.#options;
    const { crop, decodeMs } = await this.#decoding.withPermit(async () => {
      const begin = clock.now();
      return { crop: await preprocess(photo), decodeMs: clock.now() - begin };
    }, options);
    const begin = clock.now();
    let leftAt = begin;
    const onStart = () => {
      leftAt = clock.now();
      options.onStart?.();
    };
    const inference = await batcher.submit(crop, { ...options, onStart });
    return { ...inference, decodeMs, queueMs: leftAt - begin, inferenceMs: clock.now() - begin };
  }
}
