import type { Clock } from '../clock.ts';
import { sha256 } from '../files/sha256.ts';
import {
  encodedPhoto,
  isPrepared,
  type PhotoCrop,
  type PreparedPhoto,
  type ReceivedPhoto,
} from '../image/photo-bytes.ts';
import { centerCrop } from '../image/preprocess.ts';
import type { OutputName } from '../oip/tensors.ts';
import type { ModelForm } from '../registry/choose-precision.ts';
import { type InstalledModel, isServed } from '../registry/model-registry.ts';
import { bodyOf } from '../registry/network-body.ts';
import type { BatchEnd, Flush } from './batching/batch.ts';
import { Batcher } from './batching/batcher.ts';
import { DecoderPool, plannedDecoders } from './decoding/decoder-pool.ts';
import type { Engine, EngineEvents, EngineStats, PhotoInference } from './engine.ts';
import { EvidenceFinder } from './evidence-finder.ts';
import { intendedDevice, type OpenEngines, type OpenEnginesOptions, openEngines } from './open-engines.ts';
import type { PermitOptions } from './priority-semaphore.ts';
import type { ResultCache } from './result-cache.ts';
import {
  type ReadyPhoto,
  type ScoredPhoto,
  type ScoreOptions,
  Scorer,
  type ScorerStats,
  type TimedInference,
} from './scorer.ts';

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

/** A photo as it was received, or other bytes for a scorer that doesn't decode. */
type AnyPhoto = Uint8Array | PreparedPhoto;

/** Everything from a photo's bytes to its confidence, ready to use. */
export interface OpenScorer<Photo extends AnyPhoto = ReceivedPhoto> {
  /** The model that runs: the chosen model in its form for this device. */
  readonly model: InstalledModel;
  readonly scorer: Scorer<Photo>;
  readonly opened: OpenEngines;
  /** What it returns of each photo. */
  readonly outputs: readonly OutputName[];
  /** Completes scores by evidence, where engines return none. */
  readonly withEvidence: (
    photos: readonly ReceivedPhoto[],
    scoring: Promise<readonly ScoredPhoto[]>,
    options: ScoreOptions,
  ) => Promise<readonly ScoredPhoto[]>;
  /** True while an engine is alive and warm, and a decoder too. */
  readonly ready: () => boolean;
  /** Current statistics of the scorer and its engines. */
  readonly stats: () => ScorerStats & { readonly engines: readonly EngineStats[] };
  /** Stops accepting photos, scores the ones in flight, and ends the engines. */
  readonly close: () => Promise<void>;
}

export interface OpenScorerOptions<Photo extends AnyPhoto = ReceivedPhoto> extends OpenEnginesOptions {
  readonly eventsOf?: (model: InstalledModel) => InferenceEvents;
  /** Results of photos seen earlier, by any model. By default every photo is computed. */
  readonly cache?: ResultCache<TimedInference> | undefined;
  /** Prepares photos that aren't encoded. By default photos are decoded as the model's manifest says. */
  readonly preprocess?: ((photo: Photo) => Promise<PhotoCrop>) | undefined;
  /** Decoders that are shared with other scorers. By default the scorer has its own. */
  readonly decoders?: DecoderPool | undefined;
}

/**
 * Opens a model's engines with decoders, a batcher and a scorer in front of them. Throws whatever {@link openEngines}
 * and {@link DecoderPool.open} throw.
 */
export async function openScorer<Photo extends AnyPhoto = ReceivedPhoto>(
  options: OpenScorerOptions<Photo>,
): Promise<OpenScorer<Photo>> {
  const { cores, clock, preprocess } = options;
  if (preprocess) return await openWith(options, preparedBy(preprocess, clock));
  const planned = plannedDecoders(cores, intendedDevice(options.choice, options.cudaInstalled));
  const { decoders = await DecoderPool.open({ decoders: planned, clock }) } = options;
  const close = async () => (decoders === options.decoders ? undefined : await decoders.close());
  try {
    // Only callers with photos as they were received leave out `preprocess`.
    const opened = await openWith(options as OpenScorerOptions<AnyPhoto>, decodedBy(decoders));
    const evidence = opened.outputs.includes('evidence')
      ? undefined
      : new EvidenceFinder(() => openScorer(onThisMachine(options as OpenScorerOptions, opened.opened.form, decoders)));
    return {
      ...opened,
      ready: () => opened.ready() && decoders.alive,
      ...(evidence && { withEvidence: evidence.find.bind(evidence) }),
      close: async () => {
        await opened.close();
        await evidence?.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns how to open a model here that runs on other machines. One engine is enough for a person who looks at maps. */
const onThisMachine = (
  { remote: _, cache: __, cores: ___, eventsOf, ...options }: OpenScorerOptions,
  form: ModelForm,
  decoders: DecoderPool,
): OpenScorerOptions => ({
  ...{ ...options, decoders, cores: 1, gpu: { ...options.gpu, engines: 1 }, modelOn: async () => form },
  // Its batches and restarts aren't those of the replicas.
  eventsOf: (model) => {
    const { onTrouble, onBusy } = eventsOf?.(model) ?? {};
    return { ...(onTrouble && { onTrouble }), ...(onBusy && { onBusy }) };
  },
});

/** Returns how a model's photos are prepared. */
type Preparing<Photo> = (model: InstalledModel) => (photo: Photo, options: PermitOptions) => Promise<ReadyPhoto>;

const preparedBy =
  <Photo>(preprocess: (photo: Photo) => Promise<PhotoCrop>, { now }: Clock): Preparing<Photo> =>
  () =>
  async (photo) => {
    const begin = now();
    return { crop: await preprocess(photo), decodeMs: now() - begin };
  };

const decodedBy =
  (decoders: DecoderPool): Preparing<AnyPhoto> =>
  ({ manifest }) =>
  async (photo, options) => {
    const { resize } = manifest.preprocessing;
    const { gray, decodeMs } = await decoders.decode(isPrepared(photo) ? photo : encodedPhoto(photo), resize, options);
    return { crop: centerCrop(gray), decodeMs };
  };

async function openWith<Photo extends AnyPhoto>(
  options: OpenScorerOptions<Photo>,
  preparing: Preparing<Photo>,
): Promise<OpenScorer<Photo>> {
  const { clock, cache } = options;
  const opened = await openEngines(options);
  const { model } = opened.form;
  const { onFlush, onBatchEnd, onBusy } = options.eventsOf?.(model) ?? {};
  const batcher = new Batcher<PhotoCrop, PhotoInference>(opened.engines, {
    maxBatch: opened.plan.maxBatch,
    smallestBatch: opened.plan.smallestBatch ?? opened.plan.batchSizes[0] ?? 1,
    maxWaiting: MAX_PHOTOS_IN_FLIGHT,
    now: clock.now,
    ...(onFlush && { onFlush }),
    ...(onBatchEnd && { onEnd: onBatchEnd }),
  });
  const scorer = new Scorer<Photo>({
    preprocess: preparing(model),
    batcher,
    maxPhotosInFlight: MAX_PHOTOS_IN_FLIGHT,
    clock,
    onBusy,
    ...(cache && { cache: { results: cache, keyOf: photoKey(model) } }),
  });
  return {
    model,
    scorer,
    opened,
    outputs: outputsOf(opened),
    withEvidence: (_, scoring) => scoring,
    ready: () => opened.engines.some((engine: Engine) => engine.alive),
    stats: () => ({ ...scorer.stats, engines: opened.engines.map(({ stats }) => stats) }),
    close: async () => {
      await scorer.close();
      await Promise.all(opened.engines.map((engine) => engine.close()));
    },
  };
}

/** Lists what engines return of each photo. A network to learn heads on scores none, and replicas return it no evidence. */
function outputsOf({ form, device }: OpenEngines): OutputName[] {
  const { manifest } = form.model;
  const isHeadElsewhere = device === 'replicas' && manifest.headOf !== undefined;
  return [
    ...(isServed(manifest) ? (['confidence'] as const) : []),
    ...(isServed(manifest) && !isHeadElsewhere ? (['evidence'] as const) : []),
    ...(bodyOf(manifest) ? (['features'] as const) : []),
  ];
}

/** Identifies everything that a result depends on: the photo's bytes, the network, and the preprocessing. */
function photoKey({ manifest: { model, preprocessing } }: InstalledModel) {
  const ofModel = `${model.sha256}:${preprocessing.resize}`;
  return (photo: AnyPhoto) =>
    isPrepared(photo)
      ? `${ofModel}:prepared as ${photo.resize}${photo.gzip ? ', gzip' : ''}:${sha256(photo.bytes)}`
      : `${ofModel}:${sha256(photo)}`;
}
