import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import { exportRun } from './export-model.ts';
import { commandFlags } from './hyperparameters.ts';
import type { Run } from './run.ts';
import type { RunConfiguration } from './run-folder.ts';
import type { FinishedRun } from './run-to-end.ts';

/**
 * Exports a run's parameters as a model and publishes it, all or nothing.
 *
 * @param models the folder of models that it becomes one of.
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishRun(models: string, run: Run, finished: FinishedRun): Promise<Manifest> {
  const { temperature, metrics } = finished;
  const { bytes, preprocessing } = exportRun(run, finished, 'float32');
  const about = {
    id: run.configuration.name,
    preprocessing,
    threshold: DEFAULT_THRESHOLD,
    temperature,
    metrics,
    provenance: { description: descriptionOf(run), command: commandOf(run.configuration) },
  };
  return publishModel(models, about, { bytes, storage: 'float32' });
}

function descriptionOf({ configuration: { epochs, init }, dataset: { head, id } }: Run): string {
  const { LIKE, NOPE } = head.parts.training;
  const from = init === 'none' ? 'from nothing' : `from ${init}`;
  return `learned ${epochs} epochs ${from}, on ${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos (data set ${id.slice(0, 16)})`;
}

/** The command as somebody else would write it: without this machine's folders. */
const commandOf = (configuration: RunConfiguration) =>
  `swipenet train --data … --name ${configuration.name} ${commandFlags(configuration)}`;
