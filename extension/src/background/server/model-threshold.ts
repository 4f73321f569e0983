import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { replaceSettings, type Settings } from '../../storage/settings.ts';
import { modelNameOf, thresholdOf, withUnassigned } from '../../storage/thresholds.ts';
import type { ApiClient } from './api-client.ts';

/** What tells a server's model from others. */
type Named = Parameters<typeof modelNameOf>[0];

/**
 * Returns the threshold that the person has chosen for a model, or null for the model's own. A threshold of theirs that
 * isn't any model's yet becomes this model's.
 */
export async function chosenThreshold(
  { thresholds }: Pick<Settings, 'thresholds'>,
  model: Named,
): Promise<number | null> {
  const name = modelNameOf(model);
  if (thresholds.unassigned === null) return thresholdOf(thresholds, name);
  const assigned = await replaceSettings((before) => ({
    ...before,
    thresholds: withUnassigned(before.thresholds, name),
  }));
  return thresholdOf(assigned.thresholds, name);
}

/** Returns the threshold that the person has chosen for the server's model. Asks the server only if there are any. */
export async function servedThreshold(
  client: Pick<ApiClient, 'model'>,
  settings: Settings,
  signal?: AbortSignal,
): Promise<number | null> {
  const { chosen, unassigned } = settings.thresholds;
  if (chosen.length === 0 && unassigned === null) return null;
  const model: ModelAnswer = await client.model(signal);
  return await chosenThreshold(settings, model);
}
