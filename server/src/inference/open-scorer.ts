import { sha256 } from '../files/sha256.ts';
import type { EncodedPhoto, PhotoCrop } from '../image/photo-bytes.ts';
import { preprocessPhoto } from '../image/preprocess.ts';
import type { InstalledModel } from '../registry/model-registry.ts';
import type { BatchEnd, Flush } from './batch.ts';
import { Batcher } from './batcher.ts';
import type { Engine, EngineStats, PhotoInference } from './engine.ts';
import { type EngineEvents, type OpenEngines, type OpenEnginesOptions, openEngines } from './open-engines.ts';
import type { ResultCache } from './result-cache.ts';
import { Scorer, type ScorerStats, type TimedInference } from './scorer.ts';

/** The maximum number of photos waiting or being scored. A request that would exceed it is refused. */
const MAX_PHOTOS_IN_FLIGHT = 512;

/** Callbacks for metrics and logs. They run synchronously and must not throw. */
export interface InferenceEvents extends EngineEvents {
  /** Called when a batch is sent to an engine. */
  readonly onFlush?: (flush: Flush) => void;
  /** Called when a batch finishes. */
  readonly onBatchEnd?: (end: BatchEnd) => void;
  /** Called when the first photo comes in, and when the last one is done. */
  readonly onBusy?: (isBusy: boolean) => void;
}

/** Everything from a photo's bytes to its confidence, ready to use. */
export interface OpenScorer<Photo extends Uint8Array = EncodedPhoto> {
  /** The model that runs: the chosen model in its form for this device. */
  readonly model: InstalledModel;
  readonly scorer: Scorer<Photo>;
  readonly opened: OpenEngines;
  /** True while an engine is alive and warm. */
  readonly ready: () => boolean;
  /** Current statistics of the scorer and its engines. */
  readonly stats: () => ScorerStats & { readonly engines: readonly EngineStats[] };
  /** Stops accepting photos, scores the ones in flight, and ends the engines. */
  readonly close: () => Promise<void>;
}

export interface OpenScorerOptions<Photo extends Uint8Array = EncodedPhoto> extends OpenEnginesOptions {
  readonly eventsOf?: (model: InstalledModel) => InferenceEvents;
  /** Results of photos seen earlier, by any model. By default every photo is computed. */
  readonly cache?: ResultCache<TimedInference> | undefined;
  /** Prepares photos that aren't encoded. By default photos are decoded as the model's manifest says. */
  readonly preprocess?: ((photo: Photo) => Promise<PhotoCrop>) | undefined;
}

/** Opens a model's engines with a batcher and a scorer in front of them. Throws whatever {@link openEngines} throws. */
export async function openScorer<Photo extends Uint8Array = EncodedPhoto>(
  options: OpenScorerOptions<Photo>,
): Promise<OpenScorer<Photo>> {
  const { cores, clock, cache } = options;
  const opened = await openEngines(options);
  const { model } = opened.form;
  const { onFlush, onBatchEnd, onBusy } = options.eventsOf?.(model) ?? {};
  const batcher = new Batcher<PhotoCrop, PhotoInference>(opened.engines, {
    maxBatch: opened.plan.maxBatch,
    maxWaiting: MAX_PHOTOS_IN_FLIGHT,
    now: clock.now,
    ...(onFlush && { onFlush }),
    ...(onBatchEnd && { onEnd: onBatchEnd }),
  });
  // Only callers with encoded photos leave out `preprocess`.
  const decode = (photo: EncodedPhoto) => preprocessPhoto(photo, model.manifest.preprocessing.resize);
  const scorer = new Scorer<Photo>({
    preprocess: options.preprocess ?? (decode as (photo: Uint8Array) => Promise<PhotoCrop>),
    batcher,
    decodeConcurrency: cores,
    maxPhotosInFlight: MAX_PHOTOS_IN_FLIGHT,
    clock,
    onBusy,
    ...(cache && { cache: { results: cache, keyOf: photoKey(model) } }),
  });
  return {
    model,
    scorer,
    opened,
    ready: () => opened.engines.some((engine: Engine) => engine.alive),
    stats: () => ({ ...scorer.stats, engines: opened.engines.map(({ stats }) => stats) }),
    close: async () => {
      await scorer.close();
      await Promise.all(opened.engines.map((engine) => engine.close()));
    },
  };
}

/** Identifies everything that a result depends on: the photo's bytes, the network, and the preprocessing. */
function photoKey({ manifest: { model, preprocessing } }: InstalledModel) {
  return (bytes: Uint8Array) => `${model.sha256}:${preprocessing.resize}:${sha256(bytes)}`;
}
