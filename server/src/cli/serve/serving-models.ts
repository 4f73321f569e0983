import packageJson from '../../../package.json' with { type: 'json' };
import { systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { cores } from '../../config/machine.ts';
import type { SettingName, Settings } from '../../config/settings.ts';
import type { AnsweringModel } from '../../http/dependencies.ts';
import { type DecoderEvents, DecoderPool, plannedDecoders } from '../../inference/decoding/decoder-pool.ts';
import type { GpuPlan } from '../../inference/engine-plan.ts';
import { ModelHost } from '../../inference/model-host.ts';
import { intendedDevice } from '../../inference/open-engines.ts';
import { type InferenceEvents, type OpenScorer, openScorer } from '../../inference/open-scorer.ts';
import { PhotoDescriber } from '../../inference/photo-describer.ts';
import { cacheOf } from '../../inference/result-cache.ts';
import type { TimedInference } from '../../inference/scorer.ts';
import { errorFields, type Log } from '../../observe/log.ts';
import { modelAnswer } from '../../observe/model-answer.ts';
import { chosenModel } from '../../registry/active-model.ts';
import { formsOf, type PrecisionChoice } from '../../registry/choose-precision.ts';
import { ruleOf } from '../../registry/manifest.ts';
import { EMBEDDED_IDS, loadEmbeddedModel, modelFolders } from '../../registry/model-folders.ts';
import type { InstalledModel } from '../../registry/model-registry.ts';
import { REPLICA_SETTINGS, remoteEngines } from './serving-replicas.ts';

/** The settings of the model and of the devices that compute it. */
export const MODEL_SETTINGS = [
  'model',
  'precision',
  'threshold',
  'device',
  'tf32',
  'gpuEngines',
  'gpuBatchSizes',
  'cachePhotos',
  ...REPLICA_SETTINGS,
] as const satisfies SettingName[];

/** The server's models: the host, and what the routes need from it. */
export interface ServeModels {
  readonly host: ModelHost;
  /** Decode the photos for every model. */
  readonly decoders: DecoderPool;
  /** Describes photos for learning, by the current model or beside it. */
  readonly describer: PhotoDescriber;
  /** SHA-256 of the `model.onnx` of `base`, in hex. */
  readonly base: string;
  readonly served: () => AnsweringModel;
  readonly reload: (modelId: string) => Promise<AnsweringModel>;
  /** Scores the photos in flight, then ends engines and decoders. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the decoders and opens the model to serve on the chosen device. Logs every model switch and every failed
 * attempt. Throws what {@link DecoderPool.open} and {@link ModelHost.open} throw.
 *
 * @param events `onBusy` is called when the first photo comes in, and when the last one is done, for all models together.
 */
export async function serveModels(
  settings: Settings<(typeof MODEL_SETTINGS)[number] | 'home' | 'tasteKeepPhotos'>,
  events: {
    readonly log: Log;
    readonly eventsOf: (model: InstalledModel) => InferenceEvents;
    readonly decoderEvents: DecoderEvents;
    readonly onBusy: (isBusy: boolean) => void;
  },
): Promise<ServeModels> {
  const { home, precision, device: choice, threshold, tasteKeepPhotos } = settings;
  const { log } = events;
  const remote = remoteEngines(settings);
  const onBusy = whileAny(events.onBusy);
  const eventsOf = (model: InstalledModel) => ({ ...events.eventsOf(model), onBusy });
  const cache = cacheOf<TimedInference>(settings.cachePhotos);
  const decoders = await DecoderPool.open({
    decoders: plannedDecoders(cores, remote ? 'cuda' : intendedDevice(choice)), // no engine here needs the cores
    clock: systemClock,
    ...events.decoderEvents,
  });
  const gpu = gpuPlanOf(settings);
  const opening = { choice, gpu, clock: systemClock, cache, eventsOf, decoders };
  const host = await ModelHost.open(
    {
      open: async (modelId) => openScorer({ ...opening, remote, modelOn: await chosenModel(settings, modelId), cores }),
      onTrouble: (error) => log.warn(errorFields(error), 'old engines not closed'),
    },
    settings.model,
  ).catch(async (error: unknown) => {
    await decoders.close();
    throw error;
  });
  const base = await loadEmbeddedModel(EMBEDDED_IDS[0]);
  const baseIn = (requested: PrecisionChoice) => formsOf(base, modelFolders(home), requested);
  /** Opens `base` where the model runs, or here if no other machine offers it. */
  const openSecond = async (elsewhere: typeof remote): Promise<OpenScorer> => {
    const second = { ...opening, cores: 1, gpu: { ...gpu, engines: 1 } };
    if (!elsewhere) return openScorer({ ...second, modelOn: baseIn(precision) });
    const exact = { ...elsewhere, precision: 'fp32' } as const;
    return openScorer({ ...second, remote: exact, modelOn: baseIn('fp32') }).catch((error: unknown) => {
      if (!(error instanceof CommandError) || error.code !== 'replicas_unavailable') throw error;
      log.warn(errorFields(error), 'base runs here');
      return openSecond(undefined);
    });
  };
  const describer = new PhotoDescriber({
    base: base.manifest.model.sha256,
    ...(tasteKeepPhotos && { keeping: decoders }),
    // One engine is enough: a person swipes more slowly than one core describes photos.
    open: () => openSecond(remote),
    onTrouble: (error) => log.warn(errorFields(error), 'photos not described'),
  });
  const servedModel = (current: OpenScorer): AnsweringModel => {
    const { scorer, opened, model, outputs, withEvidence } = current;
    const rule = ruleOf(model.manifest, threshold);
    return {
      ...{ scorer, outputs, withEvidence, rule, answer: modelAnswer(opened, rule, packageJson.version) },
      describe: (photos, scoring, options) => describer.describe(photos, model.manifest, scoring, options),
    };
  };
  const reload = async (modelId: string) => {
    const { id: before } = host.current.model.manifest;
    try {
      const current = await host.reload(modelId);
      if (describer.isDoneBy(current.model.manifest)) await describer.release();
      const next = servedModel(current);
      const { id: model, precision: now, device } = next.answer;
      log.info({ before, model, precision: now, device: device.name }, 'model switched');
      return next;
    } catch (error) {
      log.warn({ model: host.current.model.manifest.id, ...errorFields(error as Error) }, 'model not switched');
      throw error;
    }
  };
  const close = async () => {
    await host.close();
    await describer.release();
    await decoders.close();
  };
  const { sha256 } = base.manifest.model;
  return { host, decoders, describer, base: sha256, served: () => servedModel(host.current), reload, close };
}

/** Returns how the settings say to use a GPU. */
export const gpuPlanOf = ({
  tf32,
  gpuEngines: engines,
  gpuBatchSizes: batchSizes,
}: Settings<'tf32' | 'gpuEngines' | 'gpuBatchSizes'>): Partial<GpuPlan> => ({
  tf32,
  ...(engines !== undefined && { engines }),
  ...(batchSizes && { batchSizes }),
});

/** Combines what several scorers say: busy while any of them is. */
function whileAny(onBusy: (isBusy: boolean) => void): (isBusy: boolean) => void {
  let busy = 0;
  return (isBusy) => {
    busy += isBusy ? 1 : -1;
    if (busy === (isBusy ? 1 : 0)) onBusy(isBusy);
  };
}
