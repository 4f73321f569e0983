import { join } from 'node:path';
import type { Manifest } from '../../registry/manifest.ts';
import type { HeadRun } from '../../training/head/head-run.ts';
import type { LearntHead } from '../../training/head/learn-head.ts';
import type { Progress } from '../../training/run/checkpoint.ts';
import type { Run } from '../../training/run/run.ts';
import { counted, megabytes } from '../format.ts';

/** What `train` prints before the first step: what learns from what, where, and how. */
export function beginLines({ folder, configuration, schedule: { steps }, fresh }: Run, deviceReason: string): string {
  const { name, data, init, epochs, batchSize, cropSize, learningRate, policy, warmup, device, threads } =
    configuration;
  const layers = fresh?.filter((tensor) => tensor.endsWith('.weight')).map((tensor) => tensor.replace('.weight', ''));
  const anew = layers && init !== 'none' ? `; ${layers.join(', ')} from nothing` : '';
  return [
    `Training ${name} on ${data.folder}${fresh ? '' : ', resumed'}`,
    `  starts   from ${init === 'none' ? 'nothing' : init}${anew}`,
    `  steps    ${steps} of ${batchSize} photos ${cropSize} × ${cropSize}, ${counted(epochs, 'epoch')}`,
    `  learns   at a rate of ${learningRate}, ${policy}${warmup > 0 ? `, ${counted(warmup, 'step')} of warm-up` : ''}`,
    `  device   ${device}, ${counted(threads, 'thread')}; ${deviceReason}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** What it prints when it was stopped. */
export function stoppedLine(folder: string, { step }: Progress): string {
  return `Stopped after step ${step}; swipenet train --resume ${folder} continues`;
}

/** What it prints before a head is learned. */
export function headBeginLines({ folder, configuration, dataset }: HeadRun, device: string): string {
  const { name, init } = configuration;
  const { LIKE, NOPE } = dataset.head.parts.training;
  const better = init === 'embedded' ? '; the public network’s tell more apart: models fetch bvlc, then --init' : '';
  return [
    `Learning ${name}`,
    `  features of ${init}, frozen${better}`,
    `  photos   ${LIKE.photos} LIKE, ${NOPE.photos} NOPE; both labels weigh the same`,
    `  device   ${device}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** What it prints about a head that it has learned. */
export function headLines({ strength, folds, temperature }: LearntHead): string {
  const { reason } = temperature;
  return `  head     strength ${Number(strength.toPrecision(2))} of ${folds} folds; temperature ${temperature.temperature.toFixed(2)}, ${reason}`;
}

/** What it prints at the end. */
export function endLines({ id, metrics, model }: Manifest, models: string, folder: string): string {
  const figures = Object.entries(metrics).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  return [
    `${id}: ${megabytes(model.bytes)} in ${join(models, id)}`,
    `  ${figures.join(', ')}`,
    `  run ${folder}`,
    `  models activate ${id} makes it the active model, also in a running server`,
  ].join('\n');
}
