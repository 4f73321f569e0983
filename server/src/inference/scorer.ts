import { isPhotoError, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Clock } from '../clock.ts';
import { FairShares, OWNER } from '../fairness/fair-shares.ts';
import { type PhotoCrop, photoCrop, type ReceivedPhoto } from '../image/photo-bytes.ts';
import type { BatcherCounts } from './batching/batch.ts';
import type { Batcher } from './batching/batcher.ts';
import type { PhotoInference } from './engine.ts';
import type { PermitOptions } from './priority-semaphore.ts';
import type { CacheCounts, ResultCache } from './result-cache.ts';

/**
 * The network's output for one photo, and how long it took. All times are 0 for a cached photo. `inferenceMs` includes
 * `queueMs`, the wait for an engine.
 */
export type TimedInference = {
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferenceMs: number;
} & PhotoInference;

/** The outcome of one photo: the network's output, or what is wrong with the photo. */
export type ScoredPhoto = TimedInference | { readonly error: SwipenetError };

/** How to treat the photos of one request. The signal ends the work at the deadline, or when the client disconnects. */
export interface ScoreOptions extends PermitOptions {
  /** Called when a photo is sent to an engine, but not for a photo that is cached or already being computed. */
  readonly onStart?: (() => void) | undefined;
}

/** What a scorer is doing, and its statistics since it was opened. */
export interface ScorerStats {
  /** Photos being processed, decoded or not. */
  readonly photosInFlight: number;
  readonly batcher: BatcherCounts;
  /** `undefined` if the cache is off. The cache outlives the scorer. */
  readonly cache: CacheCounts | undefined;
}

/** A photo that is ready for an engine, and how long it took to decode. */
export interface ReadyPhoto {
  readonly crop: PhotoCrop;
  readonly decodeMs: number;
}

/** The parts and limits of a scorer. */
export interface ScorerOptions<Photo extends object = ReceivedPhoto> {
  /** Decodes a photo when it is its turn, or throws a photo error. Rejects as soon as the signal aborts. */
  readonly preprocess: (photo: Photo, options: PermitOptions) => Promise<ReadyPhoto>;
  readonly batcher: Batcher<PhotoCrop, PhotoInference>;
  /** How many photos may be in flight. A request that would exceed its caller's share is refused. */
  readonly maxPhotosInFlight: number;
  readonly clock: Clock;
  /** Called when the first photo comes in, and when the last one is done. */
  readonly onBusy?: ((isBusy: boolean) => void) | undefined;
  /** The result cache, and the function that makes a photo's key. Without it, every photo is computed. */
  readonly cache?: { readonly results: ResultCache<TimedInference>; readonly keyOf: (photo: Photo) => string };
}

/**
 * Scores photos: has them decoded, then batches them with those of other requests. Photos with identical bytes are
 * computed once.
 */
export class Scorer<Photo extends object = ReceivedPhoto> {
  readonly #options: ScorerOptions<Photo>;
  readonly #drained = Promise.withResolvers<void>();
  readonly #inFlight: FairShares;
  #closing = false;

  constructor(options: ScorerOptions<Photo>) {
    this.#options = options;
    this.#inFlight = new FairShares(options.maxPhotosInFlight, { greed: 1 });
  }

  get stats(): ScorerStats {
    const { batcher, cache } = this.#options;
    return {
      photosInFlight: this.#inFlight.total,
      batcher: batcher.counts,
      cache: cache?.results.counts,
    };
  }

  /** Stops accepting photos, scores the ones in flight, then resolves. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#finishClosing();
    await this.#drained.promise;
    await this.#options.batcher.close();
  }

  /**
   * Scores photos, in order. A bad photo is an `error` in its place and doesn't affect the others.
   *
   * @throws SwipenetError `queue_full` immediately, before any work; `engine_failed`; `shutting_down`; the signal's
   *   reason.
   */
  async score(photos: readonly Photo[], options: ScoreOptions): Promise<ScoredPhoto[]> {
    return this.#together(photos, options, (photo, each) => this.#scorePhoto(photo, each));
  }

  /**
   * Runs the network on photos that are ready for it, and caches nothing.
   *
   * @param photos `[N, 1, 224, 224]`.
   * @returns one result per photo, in order.
   * @throws what {@link score} throws.
   */
  async infer(photos: Uint8Array, options: ScoreOptions): Promise<TimedInference[]> {
    const size = photoCrop().length;
    const crops = Array.from({ length: photos.length / size }, (_, index) =>
      photoCrop(photos.subarray(index * size, (index + 1) * size)),
    );
    return this.#together(crops, options, (crop, each) => this.#infer({ crop, decodeMs: 0 }, each));
  }

  /** Does something with each photo of a request, within the caller's share. If one fails, the others are given up. */
  async #together<Item, Result>(
    photos: readonly Item[],
    options: ScoreOptions,
    work: (photo: Item, options: ScoreOptions) => Promise<Result>,
  ): Promise<Result[]> {
    const { signal, caller = OWNER } = options;
    if (this.#closing) throw new SwipenetError('shutting_down', 'the server is shutting down');
    if (photos.length === 0) return [];
    if (!this.#inFlight.take(caller, photos.length)) {
      const { maxPhotosInFlight } = this.#options;
      throw new SwipenetError(
        'queue_full',
        `too many photos are in flight (at most ${maxPhotosInFlight} of all clients)`,
      );
    }
    if (this.#inFlight.total === photos.length) this.#options.onBusy?.(true);
    // If one photo fails the request (its engine failed), the others aren't worth computing anymore.
    const failed = new AbortController();
    const each = { ...options, signal: AbortSignal.any([signal, failed.signal]), caller };
    try {
      return await Promise.all(photos.map((photo) => work(photo, each)));
    } catch (error) {
      failed.abort(error);
      throw error;
    } finally {
      this.#inFlight.release(caller, photos.length);
      if (this.#inFlight.total === 0) this.#options.onBusy?.(false);
      this.#finishClosing();
    }
  }

  #finishClosing(): void {
    if (this.#closing && this.#inFlight.total === 0) this.#drained.resolve();
  }

  async #scorePhoto(photo: Photo, options: ScoreOptions): Promise<ScoredPhoto> {
    const { cache } = this.#options;
    try {
      if (!cache) return await this.#compute(photo, options);
      const { value, kept } = await cache.results.get(cache.keyOf(photo), options, (shared) =>
        this.#compute(photo, { ...shared, until: options.until, onStart: options.onStart }),
      );
      return kept ? { ...value, decodeMs: 0, queueMs: 0, inferenceMs: 0 } : value;
    } catch (error) {
      if (isPhotoError(error)) return { error };
      throw error;
    }
  }

  async #compute(photo: Photo, options: ScoreOptions): Promise<TimedInference> {
    return this.#infer(await this.#options.preprocess(photo, options), options);
  }

  async #infer({ crop, decodeMs }: ReadyPhoto, options: ScoreOptions): Promise<TimedInference> {
    const { batcher, clock } = this.#options;
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
