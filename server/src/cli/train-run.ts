import { resolve } from 'node:path';
import type { Home } from '../home/home.ts';
import { refuseTakenId } from '../registry/model-registry.ts';
import type { Device } from '../runtime/session.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { levelOfMean } from '../training/run/export-model.ts';
import { adaptParameters, initialParameters } from '../training/run/initialize.ts';
import { createRun, type RunConfiguration } from '../training/run/run-folder.ts';
import { beginRun, engineOptions } from '../training/run/run-training.ts';
import { planTraining } from '../training/step/training-graph.ts';
import { configurationOf, nameOf } from './train-configuration.ts';
import type { TrainFlags } from './train-flags.ts';
import { readInit } from './train-init.ts';

/**
 * The id of the model that will come of it, which none in these folders may have. Throws CommandError `model_exists`,
 * before anything is computed.
 */
export async function freeName(flags: TrainFlags & { data: string }, folders: readonly string[]): Promise<string> {
  const name = flags.name ?? nameOf(flags.data);
  await refuseTakenId(folders, name, '--name');
  return name;
}

/**
 * A new run in its folder, with its first checkpoint; gives what of the network learns from nothing.
 *
 * @param place.taken folders of models whose ids are taken.
 */
export async function newRun(
  flags: TrainFlags & { data: string },
  { home, device, taken }: { home: Home; device: Device; taken: readonly string[] },
): Promise<{ folder: string; configuration: RunConfiguration; fresh: readonly string[] }> {
  const name = await freeName(flags, taken);
  const dataset = await openDataset(flags.data);
  await dataset.close();
  const pretrained = await readInit(flags.init);
  const configuration = configurationOf(flags, name, dataset, device, pretrained !== undefined);
  const { shapes } = planTraining(engineOptions(configuration).graph);
  const { seed } = configuration;
  const { parameters, fresh } = pretrained
    ? adaptParameters(pretrained, shapes, levelOfMean(dataset.mean), seed)
    : { parameters: initialParameters(shapes, seed), fresh: [...shapes.keys()] };
  const folder = resolve(flags.run ?? home.run(name));
  await createRun(folder, configuration);
  await beginRun(folder, configuration, parameters);
  return { folder, configuration, fresh };
}
