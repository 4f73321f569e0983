import { systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { cores } from '../../config/machine.ts';
import type { SettingName, Settings } from '../../config/settings.ts';
import { photoCrop } from '../../image/photo-bytes.ts';
import type { OpenEnginesOptions } from '../../inference/open-engines.ts';
import { type OpenScorer, openScorer } from '../../inference/open-scorer.ts';
import { formsOf } from '../../registry/choose-precision.ts';
import { EMBEDDED_IDS, loadEmbeddedModel, modelFolders } from '../../registry/model-folders.ts';
import { gpuPlanOf } from './serving-models.ts';

/** The settings of offering `base`, besides those of the server's own model. */
export const BASE_SETTINGS = ['offerBase'] as const satisfies SettingName[];

/**
 * Opens `base` beside the server's model, for servers in front of this one that apply their own heads. It is computed in
 * float32 and returns exact features, or verdicts would differ from those of a server that runs the whole model. Returns
 * undefined if the server isn't to offer it.
 *
 * @throws CommandError `option_invalid` if other machines run the models; what `openScorer` throws.
 */
export async function openOfferedBase(
  settings: Settings<
    'home' | 'device' | 'engine' | 'tf32' | 'gpuEngines' | 'gpuBatchSizes' | (typeof BASE_SETTINGS)[number]
  >,
  eventsOf: NonNullable<OpenEnginesOptions['eventsOf']>,
): Promise<OpenScorer<Uint8Array> | undefined> {
  const { home, device: choice, engine, offerBase } = settings;
  if (!offerBase) return undefined;
  if (engine !== 'local') throw new CommandError('option_invalid', '--offer-base is only for --engine local');
  const modelOn = formsOf(await loadEmbeddedModel(EMBEDDED_IDS[0]), modelFolders(home), 'fp32');
  return openScorer<Uint8Array>({
    ...{ modelOn, choice, cores, gpu: gpuPlanOf(settings), clock: systemClock, eventsOf, exactFeatures: true },
    preprocess: async (photo) => photoCrop(photo), // servers in front send photos that are ready for the network
  });
}
