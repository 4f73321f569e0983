import { join } from 'node:path';
import type { Manifest } from '../../registry/manifest.ts';
import type { HeadRun } from '../../training/head/head-run.ts';
import type { Learned } from '../../training/head/train-head.ts';
import type { LearnedProfiles } from '../../training/profiles/learn-profiles.ts';
import type { Progress } from '../../training/run/checkpoint.ts';
import type { Run } from '../../training/run/run.ts';
import { counted, megabytes, percent } from '../format.ts';

/**
 * Formats what `train` prints before the first step: the data, the starting point, the hyperparameters and the device.
 */
export function startLines({ folder, configuration, schedule: { steps }, fresh }: Run, deviceReason: string): string {
  const { name, data, init, epochs, batchSize, cropSize, learningRate, policy, warmup, device, threads } =
    configuration;
  const layers = fresh?.filter((tensor) => tensor.endsWith('.weight')).map((tensor) => tensor.replace('.weight', ''));
  const initialized = layers && init !== 'none' ? `; randomly initialized: ${layers.join(', ')}` : '';
  return [
    `Training ${name} on ${data.folder}${fresh ? '' : ' (resumed)'}`,
    `  start    ${init === 'none' ? 'from scratch' : `from ${init}`}${initialized}`,
    `  steps    ${steps} of ${batchSize} photos at ${cropSize} × ${cropSize}, ${counted(epochs, 'epoch')}`,
    `  rate     ${learningRate}, ${policy}${warmup > 0 ? `, ${counted(warmup, 'step')} of warm-up` : ''}`,
    `  device   ${device}, ${counted(threads, 'thread')}; ${deviceReason}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** Formats what `train` prints when it was stopped. */
export function stoppedLine(folder: string, { step }: Progress): string {
  return `Stopped after step ${step}. To continue, run swipenet train --resume ${folder}`;
}

/** Formats what `train` prints before it trains a head. */
export function headStartLines({ folder, configuration, dataset }: HeadRun, device: string): string {
  const { name, init } = configuration;
  const { LIKE, NOPE } = dataset.head.parts.training;
  const byProfile = LIKE.photos + NOPE.photos > LIKE.profiles + NOPE.profiles;
  const examples = byProfile
    ? `  profiles ${LIKE.profiles} LIKE, ${NOPE.profiles} NOPE; labels are of whole profiles, not of single photos`
    : `  photos   ${LIKE.photos} LIKE, ${NOPE.photos} NOPE; both labels have equal weight`;
  return [
    `Training a head for ${name}`,
    `  start    frozen features of ${init}`,
    examples,
    `  device   ${device}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** Formats what `train` prints about a finished head. */
export function headLines(learned: Learned): string {
  if ('rule' in learned) return profileLines(learned);
  const { strength, folds, temperature } = learned;
  const { reason } = temperature;
  return `  head     strength ${Number(strength.toPrecision(2))} from ${folds} folds; temperature ${temperature.temperature.toFixed(2)}, ${reason}`;
}

function profileLines({ method: { kind, strength, rounds }, folds, rule }: LearnedProfiles): string {
  const how = {
    means: 'mean features of each profile',
    photos: `single photos, ${counted(rounds, 'EM round')}`,
  }[kind];
  return [
    `  head     ${how}; strength ${Number(strength.toPrecision(2))}, chosen by ${folds} folds`,
    `  rule     right from a probability of ${percent(rule.threshold)}; ${percent(rule.largestShare)} largest photo, the rest all photos together`,
  ].join('\n');
}

/** Formats what `train` prints at the end. */
export function endLines({ id, metrics, model }: Manifest, models: string, folder: string): string {
  const figures = Object.entries(metrics).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`);
  return [
    `${id}: ${megabytes(model.bytes)} in ${join(models, id)}`,
    `  ${figures.join(', ')}`,
    `  run: ${folder}`,
    `  to use it, even in a running server: swipenet models activate ${id}`,
  ].join('\n');
}
