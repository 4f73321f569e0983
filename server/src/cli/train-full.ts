import { join, resolve } from 'node:path';
import type { Device } from '../runtime/session.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { publishRun } from '../training/publish-run.ts';
import { readRun } from '../training/run-folder.ts';
import { addInt8 } from './add-int8.ts';
import { runToEnd } from './run-to-end.ts';
import type { TrainFlags } from './train-flags.ts';
import { endLines } from './train-lines.ts';
import { newRun } from './train-run.ts';

/** Where a run is kept, and where it computes. */
export interface TrainPlace {
  readonly home: string;
  readonly device: Device;
  /** Why that device, for people. */
  readonly reason: string;
}

/** `swipenet train --mode full`: learns the whole network, a new run or one that is gone on with. */
export async function trainFull(flags: TrainFlags, { home, device, reason }: TrainPlace): Promise<void> {
  const begun = flags.data !== undefined ? await newRun({ ...flags, data: flags.data }, { home, device }) : undefined;
  const folder = begun?.folder ?? resolve(flags.resume!);
  const configuration = begun?.configuration ?? (await readRun(folder));
  const ended = await runToEnd({ folder, configuration, reason, fresh: begun?.fresh });
  if (!ended) return;
  const { checkpoint } = ended.best;
  const { temperature, metrics: judged } = ended.conclusion;
  const metrics = { validationLoss: checkpoint.progress.best?.loss ?? 0, ...judged };
  const models = join(home, 'models');
  const dataset = await openDataset(configuration.data.folder);
  try {
    const { parameters } = checkpoint;
    const manifest = await publishRun({ models, configuration, dataset, parameters, temperature, metrics });
    console.log(endLines(manifest, models, folder));
    console.error(await addInt8(models, manifest, dataset));
  } finally {
    await dataset.close();
  }
}
