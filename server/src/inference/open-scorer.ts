import { sha256 } from '../files/sha256.ts';
import type { EncodedPhoto, PhotoCrop } from '../image/photo-bytes.ts';
import { preprocessPhoto } from '../image/preprocess.ts';
import type { ServedModel } from '../registry/model-registry.ts';
import type { BatchEnd, Flush } from './batch.ts';
import { Batcher } from './batcher.ts';
import type { Engine, EngineStats, PhotoInference } from './engine.ts';
import { type EngineEvents, type OpenEngines, type OpenEnginesOptions, openEngines } from './open-engines.ts';
import type { ResultCache } from './result-cache.ts';
import { Scorer, type ScorerStats, type TimedInference } from './scorer.ts';

/** Photos on their way at once, waiting or computed; beyond that a request is refused. */
const MAX_PHOTOS_IN_FLIGHT = 512;

/** What happens on photos' way, for whoever counts or logs; each call is made as it happens and must not throw. */
export interface InferenceEvents extends EngineEvents {
  /** A batch left for an engine. */
  readonly onFlush?: (flush: Flush) => void;
  /** A batch came back. */
  readonly onBatchEnd?: (end: BatchEnd) => void;
}

/** The whole way from photos' bytes to confidences, open. */
export interface OpenScorer<Photo extends Uint8Array = EncodedPhoto> {
  /** The model that computes: of the one that was chosen, the form that follows the device. */
  readonly model: ServedModel;
  readonly scorer: Scorer<Photo>;
  readonly opened: OpenEngines;
  /** True while an engine is alive and warm. */
  readonly ready: () => boolean;
  /** What scorer and engines are doing and have done. */
  readonly stats: () => ScorerStats & { readonly engines: readonly EngineStats[] };
  /** Takes in no more photos, answers those on their way, and ends the engines. */
  readonly close: () => Promise<void>;
}

/** What {@link openScorer} is told. */
export interface OpenScorerOptions<Photo extends Uint8Array = EncodedPhoto> extends OpenEnginesOptions {
  readonly eventsOf?: (model: ServedModel) => InferenceEvents;
  /** Results of photos that were seen, of this model and others; by default every photo is computed. */
  readonly cache?: ResultCache<TimedInference> | undefined;
  /** For photos that aren't encoded; by default the model's own way to decode. */
  readonly preprocess?: ((photo: Photo) => Promise<PhotoCrop>) | undefined;
}

/** Opens a model's engines and puts batcher and scorer before them. Throws what {@link openEngines} throws. */
export async function openScorer<Photo extends Uint8Array = EncodedPhoto>(
  options: OpenScorerOptions<Photo>,
): Promise<OpenScorer<Photo>> {
  const { cores, clock, cache } = options;
  const opened = await openEngines(options);
  const { model } = opened.form;
  const { onFlush, onBatchEnd } = options.eventsOf?.(model) ?? {};
  const batcher = new Batcher<PhotoCrop, PhotoInference>(opened.engines, {
    maxBatch: opened.plan.maxBatch,
    maxWaiting: MAX_PHOTOS_IN_FLIGHT,
    now: clock.now,
    ...(onFlush && { onFlush }),
    ...(onBatchEnd && { onEnd: onBatchEnd }),
  });
  // Only encoded photos do without `preprocess`.
  const decode = (photo: EncodedPhoto) => preprocessPhoto(photo, model.manifest.preprocessing.resize);
  const scorer = new Scorer<Photo>({
    preprocess: options.preprocess ?? (decode as (photo: Uint8Array) => Promise<PhotoCrop>),
    batcher,
    decodeConcurrency: cores,
    maxPhotosInFlight: MAX_PHOTOS_IN_FLIGHT,
    clock,
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

/** What a result depends on: the photo's bytes, the network, and how photos become its input. */
function photoKey({ manifest: { model, preprocessing } }: ServedModel) {
  return (bytes: Uint8Array) => `${model.sha256}:${preprocessing.resize}:${sha256(bytes)}`;
}
