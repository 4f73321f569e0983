import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { cores, modelFolders, type Settings } from '../config.ts';
import type { ServedModel } from '../http/dependencies.ts';
import { modelAnswer } from '../http/model-answer.ts';
import { systemClock } from '../inference/clock.ts';
import { type HostedModel, ModelHost } from '../inference/model-host.ts';
import { type InferenceEvents, openScorer } from '../inference/open-scorer.ts';
import { cacheOf } from '../inference/result-cache.ts';
import type { TimedInference } from '../inference/scorer.ts';
import { loadModel } from '../registry/model-registry.ts';

/** The models of a server: the host, and what the routes need of it. */
export interface ServeModels {
  readonly host: ModelHost;
  readonly served: () => ServedModel;
  readonly reload: (modelId: string) => Promise<ServedModel>;
}

/** Opens the model that answers, on the device that was asked for. Throws what {@link ModelHost.open} throws. */
export async function serveModels(
  settings: Settings<'home' | 'model' | 'device' | 'cachePhotos' | 'threshold'>,
  events: InferenceEvents & { readonly onTrouble: (error: Error) => void },
): Promise<ServeModels> {
  const { home, device: choice, threshold } = settings;
  const cache = cacheOf<TimedInference>(settings.cachePhotos);
  const host = await ModelHost.open(
    {
      load: (modelId) => loadModel(modelFolders(home), modelId),
      open: (model) => openScorer({ model, choice, cores, clock: systemClock, cache, events }),
      onTrouble: events.onTrouble,
    },
    settings.model,
  );
  const servedModel = ({ scorer, opened, model: { manifest } }: HostedModel): ServedModel => ({
    scorer,
    answer: modelAnswer(manifest, opened, threshold ?? manifest.threshold ?? DEFAULT_THRESHOLD),
  });
  return {
    host,
    served: () => servedModel(host.current),
    reload: async (modelId) => servedModel(await host.reload(modelId)),
  };
}
