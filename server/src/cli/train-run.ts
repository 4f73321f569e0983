import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Device } from '../runtime/session.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { levelOfMean } from '../training/export-model.ts';
import { adaptParameters, initialParameters } from '../training/initialize.ts';
import { createRun, type RunConfiguration } from '../training/run-folder.ts';
import { beginRun, engineOptions } from '../training/run-training.ts';
import { planTraining } from '../training/training-graph.ts';
import { configurationOf, nameOf } from './train-configuration.ts';
import type { TrainFlags } from './train-flags.ts';
import { readInit } from './train-init.ts';

/** The id of the model that will come of it. Throws SwipenetError `model_exists`, before anything is computed. */
export function freeName(flags: TrainFlags & { data: string }, home: string): string {
  const name = flags.name ?? nameOf(flags.data);
  if (existsSync(join(home, 'models', name))) {
    throw new SwipenetError('model_exists', `there is a model ${name} already; --name gives this one another id`);
  }
  return name;
}

/** A new run in its folder, with its first checkpoint; gives what of the network learns from nothing. */
export async function newRun(
  flags: TrainFlags & { data: string },
  { home, device }: { home: string; device: Device },
): Promise<{ folder: string; configuration: RunConfiguration; fresh: readonly string[] }> {
  const name = freeName(flags, home);
  const dataset = await openDataset(flags.data);
  await dataset.close();
  const pretrained = await readInit(flags.init);
  const configuration = configurationOf(flags, name, dataset, device, pretrained !== undefined);
  const { shapes } = planTraining(engineOptions(configuration).graph);
  const { seed } = configuration;
  const { parameters, fresh } = pretrained
    ? adaptParameters(pretrained, shapes, levelOfMean(dataset.mean), seed)
    : { parameters: initialParameters(shapes, seed), fresh: [...shapes.keys()] };
  const folder = resolve(flags.run ?? join(home, 'runs', name));
  await createRun(folder, configuration);
  await beginRun(folder, configuration, parameters);
  return { folder, configuration, fresh };
}
