import { systemClock } from '../../clock.ts';
import { cores } from '../../config/machine.ts';
import type { Settings } from '../../config/settings.ts';
import type { AnsweringModel } from '../../http/dependencies.ts';
import { ModelHost } from '../../inference/model-host.ts';
import { type InferenceEvents, type OpenScorer, openScorer } from '../../inference/open-scorer.ts';
import { cacheOf } from '../../inference/result-cache.ts';
import type { TimedInference } from '../../inference/scorer.ts';
import { errorFields, type Log } from '../../observe/log.ts';
import { modelAnswer } from '../../observe/model-answer.ts';
import { chosenModel } from '../../registry/active-model.ts';
import { ruleOf } from '../../registry/manifest.ts';
import type { ServedModel } from '../../registry/model-registry.ts';

/** The server's models: the host, and what the routes need from it. */
export interface ServeModels {
  readonly host: ModelHost;
  readonly served: () => AnsweringModel;
  readonly reload: (modelId: string) => Promise<AnsweringModel>;
}

/**
 * Opens the model to serve on the chosen device. Logs every model switch and every failed attempt. Throws what
 * {@link ModelHost.open} throws.
 */
export async function serveModels(
  settings: Settings<'home' | 'model' | 'precision' | 'device' | 'cachePhotos' | 'threshold'>,
  { log, eventsOf }: { readonly log: Log; readonly eventsOf: (model: ServedModel) => InferenceEvents },
): Promise<ServeModels> {
  const { device: choice, threshold } = settings;
  const cache = cacheOf<TimedInference>(settings.cachePhotos);
  const host = await ModelHost.open(
    {
      open: async (modelId) => {
        const modelOn = await chosenModel(settings, modelId);
        return openScorer({ modelOn, choice, cores, clock: systemClock, cache, eventsOf });
      },
      onTrouble: (error) => log.warn(errorFields(error), 'old engines not closed'),
    },
    settings.model,
  );
  const servedModel = ({ scorer, opened, model: { manifest } }: OpenScorer): AnsweringModel => {
    const rule = ruleOf(manifest, threshold);
    return { scorer, rule, answer: modelAnswer(opened, rule) };
  };
  const reload = async (modelId: string) => {
    const { id: before } = host.current.model.manifest;
    try {
      const next = servedModel(await host.reload(modelId));
      const { id: model, precision, device } = next.answer;
      log.info({ before, model, precision, device: device.name }, 'model switched');
      return next;
    } catch (error) {
      log.warn({ model: host.current.model.manifest.id, ...errorFields(error as Error) }, 'model not switched');
      throw error;
    }
  };
  return { host, served: () => servedModel(host.current), reload };
}
