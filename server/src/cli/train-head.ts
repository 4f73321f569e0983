import { basename, resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { addInt8 } from '../quantization/add-int8.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { publishHead, writeHeadRun } from '../training/head/head-run.ts';
import { trainHead } from '../training/head/train-head.ts';
import { Progress } from './progress.ts';
import type { TrainFlags } from './train-flags.ts';
import type { TrainPlace } from './train-full.ts';
import { headBeginLines, headLines } from './train-head-lines.ts';
import { readInit } from './train-init.ts';
import { endLines } from './train-lines.ts';
import { freeName } from './train-run.ts';

/** `swipenet train --mode head`: learns a head on frozen features. Ctrl-C ends it and leaves nothing behind. */
export async function trainHeadOnly(flags: TrainFlags, { home, device, reason }: TrainPlace): Promise<void> {
  const data = flags.data!;
  const name = await freeName({ ...flags, data }, modelFolders(home));
  const dataset = await openDataset(data);
  try {
    const pretrained = (await readInit(flags.init))!;
    const init = flags.init === 'embedded' ? flags.init : basename(flags.init);
    const configuration = { name, init, seed: flags.seed };
    const folder = resolve(flags.run ?? home.run(name));
    console.error(headBeginLines(folder, configuration, dataset, `${device}; ${reason}`));
    const progress = new Progress(process.stderr, systemClock.now);
    const model = await trainHead({
      ...{ dataset, pretrained, device, seed: flags.seed },
      threads: device === 'cpu' ? cores : 1,
      onProgress: (part, done, total) => progress.update(`features, ${part}`, done, total),
    });
    console.error(headLines(model.learnt));
    await writeHeadRun(folder, configuration, dataset, model);
    const models = home.models;
    const manifest = await publishHead(models, configuration, dataset, model);
    console.log(endLines(manifest, models, folder));
    console.error(await addInt8(models, manifest, dataset, { threads: cores, onProgress: progress.update }));
  } finally {
    await dataset.close();
  }
}
