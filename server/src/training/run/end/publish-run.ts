import type { Manifest } from '../../../registry/manifest.ts';
import { publishModel } from '../../../registry/model-registry.ts';
import { targetText } from '../../profiles/target.ts';
import type { RunConfiguration } from '../folder/run-folder.ts';
import type { Run } from '../run.ts';
import { commandFlags } from '../start/hyperparameters.ts';
import { exportRun } from './export-model.ts';
import type { FinishedRun } from './run-to-end.ts';
import { trainingRecord } from './trained-on.ts';

/**
 * Exports a run's best parameters and publishes them as a model, all or nothing.
 *
 * @param models the folder of models to publish to.
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishRun(models: string, run: Run, finished: FinishedRun): Promise<Manifest> {
  const { temperature, rule, metrics } = finished;
  const { bytes, preprocessing } = exportRun(run, finished, 'float32');
  const about = {
    id: run.configuration.name,
    preprocessing,
    ...(rule.rule === 'profile' ? { decision: rule } : { threshold: rule.threshold }),
    temperature,
    metrics,
    provenance: { description: descriptionOf(run), command: commandOf(run.configuration) },
  };
  return publishModel(models, about, { bytes, storage: 'float32', trainedOn: trainingRecord(run.dataset) });
}

function descriptionOf({ configuration: { epochs, init, profiles }, dataset: { head, id } }: Run): string {
  const { LIKE, NOPE } = head.parts.training;
  const from = init === 'none' ? 'from scratch' : `from ${init}`;
  const examples = profiles
    ? `${LIKE.profiles} LIKE and ${NOPE.profiles} NOPE profiles`
    : `${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos`;
  return `trained ${epochs} epochs ${from} on ${examples} (dataset ${id.slice(0, 16)})`;
}

/** Returns a command that others can repeat, without local paths. */
function commandOf({ profiles, tf32, ...configuration }: RunConfiguration): string {
  const aim = profiles ? ` --target ${targetText(profiles.target)}` : '';
  return `swipenet train --data … --name ${configuration.name} ${commandFlags(configuration)}${aim}${tf32 ? ' --tf32' : ''}`;
}
