import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import type { Home } from '../home/home.ts';
import { addInt8 } from '../quantization/add-int8.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { refuseTakenId } from '../registry/model-registry.ts';
import type { Device } from '../runtime/session.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { publishRun } from '../training/run/publish-run.ts';
import { type RunConfiguration, readRun } from '../training/run/run-folder.ts';
import { Progress } from './progress.ts';
import { runToEnd } from './run-to-end.ts';
import type { TrainFlags } from './train-flags.ts';
import { endLines } from './train-lines.ts';
import { newRun } from './train-run.ts';

/** Where a run is kept, and where it computes. */
export interface TrainPlace {
  readonly home: Home;
  readonly device: Device;
  /** Why that device, for people. */
  readonly reason: string;
}

/** `swipenet train --mode full`: learns the whole network, a new run or one that is gone on with. */
export async function trainFull(flags: TrainFlags, { home, device, reason }: TrainPlace): Promise<void> {
  const taken = modelFolders(home);
  const begun = flags.data !== undefined && (await newRun({ ...flags, data: flags.data }, { home, device, taken }));
  const { folder, configuration, fresh } = begun || (await earlierRun(resolve(flags.resume!), taken));
  const ended = await runToEnd({ folder, configuration, reason, fresh });
  if (!ended) return;
  const { checkpoint } = ended.best;
  const { temperature, metrics: judged } = ended.conclusion;
  const metrics = { validationLoss: checkpoint.progress.best?.loss ?? 0, ...judged };
  const models = home.models;
  const dataset = await openDataset(configuration.data.folder);
  try {
    const { parameters } = checkpoint;
    const manifest = await publishRun({ models, configuration, dataset, parameters, temperature, metrics });
    console.log(endLines(manifest, models, folder));
    const progress = new Progress(process.stderr, systemClock.now);
    console.error(await addInt8(models, manifest, dataset, { threads: cores, onProgress: progress.update }));
  } finally {
    await dataset.close();
  }
}

/** A run that is gone on with; its id was free when it began. Throws CommandError `model_exists`, and as readRun does. */
async function earlierRun(
  folder: string,
  taken: readonly string[],
): Promise<{ folder: string; configuration: RunConfiguration; fresh?: readonly string[] }> {
  const configuration = await readRun(folder);
  await refuseTakenId(taken, configuration.name);
  return { folder, configuration };
}
