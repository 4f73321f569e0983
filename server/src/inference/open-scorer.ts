import { preprocessPhoto } from '../image/preprocess.ts';
import type { ServedModel } from '../registry/model-registry.ts';
import { Batcher } from './batcher.ts';
import type { Clock } from './clock.ts';
import type { Engine, PhotoInference } from './engine.ts';
import { type DeviceChoice, type OpenEngines, openEngines } from './open-engines.ts';
import { Scorer } from './scorer.ts';

/** Photos on their way at once, waiting or computed; beyond that a request is refused. */
const MAX_PHOTOS_IN_FLIGHT = 512;

/** The whole way from photos' bytes to confidences, open. */
export interface OpenScorer {
  readonly scorer: Scorer;
  readonly opened: OpenEngines;
  /** True while an engine is alive and warm. */
  readonly ready: () => boolean;
  /** Takes in no more photos, answers those that wait, and ends the engines. */
  readonly close: () => Promise<void>;
}

/** Opens a model's engines and puts batcher and scorer before them. Throws what {@link openEngines} throws. */
export async function openScorer(options: {
  readonly model: ServedModel;
  readonly choice: DeviceChoice;
  readonly cores: number;
  readonly clock: Clock;
  readonly onTrouble?: (error: Error) => void;
  /** A photo's bytes → `[1, 224, 224]` gray levels; by default the model's own way to decode. */
  readonly preprocess?: (bytes: Uint8Array) => Promise<Uint8Array>;
}): Promise<OpenScorer> {
  const { model, cores, clock } = options;
  const { manifest, modelPath } = model;
  const opened = await openEngines({ ...options, modelId: manifest.id, modelPath, sha256: manifest.model.sha256 });
  const batcher = new Batcher<Uint8Array, PhotoInference>(opened.engines, {
    maxBatch: opened.plan.maxBatch,
    maxWaiting: MAX_PHOTOS_IN_FLIGHT,
  });
  const scorer = new Scorer({
    preprocess: options.preprocess ?? ((bytes) => preprocessPhoto(bytes, manifest.preprocessing.resize)),
    batcher,
    decodeConcurrency: cores,
    maxPhotosInFlight: MAX_PHOTOS_IN_FLIGHT,
    clock,
  });
  return {
    scorer,
    opened,
    ready: () => opened.engines.some((engine: Engine) => engine.alive),
    close: async () => {
      await batcher.close();
      await Promise.all(opened.engines.map((engine) => engine.close()));
    },
  };
}
