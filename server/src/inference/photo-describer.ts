import { LEARNING_RESIZE_MODE } from '@swipenet/shared/prepared-photo.ts';
import { sha256 } from '../files/sha256.ts';
import { type ReceivedPhoto, sentBytes } from '../image/photo-bytes.ts';
import type { Manifest } from '../registry/manifest.ts';
import { bodyOf, type NetworkBody } from '../registry/network-body.ts';
import { toFloat16 } from '../runtime/float16.ts';
import type { DecoderPool } from './decoding/decoder-pool.ts';
import type { PhotoInference } from './engine.ts';
import type { OpenScorer } from './open-scorer.ts';
import type { ScoredPhoto, ScoreOptions } from './scorer.ts';
import { SecondScorer } from './second-scorer.ts';

/** What can be learned from a photo. */
export interface PhotoDescription {
  /** `[1856]`. */
  readonly features: Float16Array;
  readonly body: NetworkBody;
  /** `[256, 256]`, if photos are kept. */
  readonly gray?: Uint8Array | undefined;
}

/** A profile's photos as a taste is learned from them. */
export interface DescribedPhotos {
  /** The photos that could be read, in order. */
  readonly readable: readonly PhotoDescription[];
  /** SHA-256 of each photo's bytes, in hex. */
  readonly sha256: readonly string[];
}

/** The scorer that describes photos beside the active model, and what it has cost. */
export interface SecondSession {
  readonly model: string;
  readonly photos: number;
  /** Mean time per photo in its engine, or null before the first. */
  readonly msPerPhoto: number | null;
  readonly memoryBytes: number;
}

export interface PhotoDescriberOptions {
  /** SHA-256 of the `model.onnx` of `base`, in hex. */
  readonly base: string;
  /** Opens `base` with one engine. */
  readonly open: () => Promise<OpenScorer>;
  /** Decodes described photos once more to keep their gray levels. By default they aren't kept. */
  readonly keeping?: Pick<DecoderPool, 'decode'> | undefined;
  readonly onTrouble: (error: Error) => void;
}

/**
 * Describes photos by the features of `base`. A head on `base` computes them while it scores. If another model is active,
 * `base` runs beside it in a second session, from the first time that it is needed until a head on `base` is active.
 */
export class PhotoDescriber {
  readonly #options: PhotoDescriberOptions;
  readonly #second: SecondScorer<OpenScorer>;

  constructor(options: PhotoDescriberOptions) {
    this.#options = options;
    this.#second = new SecondScorer(() =>
      options.open().catch((error: Error) => {
        options.onTrouble(error);
        throw error;
      }),
    );
  }

  /** The second session, while there is one. */
  get secondSession(): SecondSession | null {
    const { current } = this.#second;
    if (!current) return null;
    const { engines } = current.stats();
    const sum = (key: 'photos' | 'busyMs' | 'rssBytes') => engines.reduce((total, engine) => total + engine[key], 0);
    const photos = sum('photos');
    return {
      ...{ model: current.model.manifest.id, photos, memoryBytes: sum('rssBytes') },
      msPerPhoto: photos > 0 ? sum('busyMs') / photos : null,
    };
  }

  /** Returns true if a model describes photos by itself, because it is a head on `base`. */
  isDoneBy(model: Manifest): boolean {
    return bodyOf(model)?.sha256 === this.#options.base;
  }

  /**
   * Describes photos. Photos that can't be read are left out.
   *
   * @param active the manifest of the model that scores the photos.
   * @param scoring its scores, in the order of the photos.
   * @throws what `Scorer.score` throws, also SwipenetError `resize_mode_changed` for photos that were prepared in
   *   another mode than that of `base`; CommandError if `base` can't be opened.
   */
  async describe(
    photos: readonly ReceivedPhoto[],
    active: Manifest,
    scoring: Promise<readonly ScoredPhoto[]>,
    options: ScoreOptions,
  ): Promise<DescribedPhotos> {
    const [described, body] = this.isDoneBy(active)
      ? [await scoring, bodyOf(active)!]
      : await this.#describeBeside(photos, options);
    const readable = described.flatMap((photo, at) =>
      'error' in photo ? [] : [this.#description(photo, photos[at]!, body, options)],
    );
    return { readable: await Promise.all(readable), sha256: photos.map((photo) => sha256(sentBytes(photo))) };
  }

  /** Closes the second session, for example when a head on `base` has become active. */
  release(): Promise<void> {
    return this.#second.release();
  }

  async #description(
    { features }: PhotoInference,
    photo: ReceivedPhoto,
    body: NetworkBody,
    options: ScoreOptions,
  ): Promise<PhotoDescription> {
    const decoded = await this.#options.keeping?.decode(photo, LEARNING_RESIZE_MODE, options);
    return { features: toFloat16(features), body, ...(decoded && { gray: decoded.gray }) };
  }

  async #describeBeside(photos: readonly ReceivedPhoto[], options: ScoreOptions) {
    const { scorer, model } = await this.#second.get();
    const { priority, signal, caller } = options;
    return [await scorer.score(photos, { priority, signal, caller }), bodyOf(model.manifest)!] as const;
  }
}
