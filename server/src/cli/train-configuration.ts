import { basename, resolve } from 'node:path';
import { CommandError } from '../command-error.ts';
import { cores } from '../config/machine.ts';
import { modelIdSchema } from '../registry/manifest.ts';
import type { Device } from '../runtime/session.ts';
import { batchesPerEpoch } from '../training/dataset/batches/batch-stream.ts';
import type { Dataset } from '../training/dataset/dataset.ts';
import type { RunConfiguration } from '../training/run/run-folder.ts';
import type { TrainFlags } from './train-flags.ts';

/**
 * The configuration of a new run: its flags, and rates by what it begins from.
 *
 * @param tuned whether it begins from parameters that have learnt already.
 */
export function configurationOf(
  flags: TrainFlags & { data: string },
  name: string,
  dataset: Dataset,
  device: Device,
  tuned: boolean,
): RunConfiguration {
  const { init, epochs, batch, crop, mirror, mean, seed, lr, policy, warmup, momentum, weightDecay } = flags;
  const steps = epochs * batchesPerEpoch(dataset.numbersOf('training').length, batch);
  return {
    format: 1,
    name,
    data: { folder: resolve(flags.data), id: dataset.id },
    init: init === 'none' || init === 'embedded' ? init : basename(init),
    ...{ epochs, batch, side: crop, mirror, mean, seed, policy, momentum, weightDecay },
    // What has learnt already is spoilt by the article's rate; a warm-up spares it the first, large gradients of new heads.
    rate: lr ?? (tuned ? 0.001 : 0.01),
    warmup: warmup ?? (tuned ? Math.min(20, Math.floor(steps / 10)) : 0),
    device,
    threads: device === 'cpu' ? cores : 1,
  };
}

/** A model's id made of a data set's folder: `faces` of `faces.set`, which says what it is. Throws CommandError `option_invalid` where that gives none. */
export function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/(?<=.)\.set$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  if (modelIdSchema.safeParse(name).success) return name;
  throw new CommandError('option_invalid', `--name is needed: ${folder} gives no id for a model`);
}
