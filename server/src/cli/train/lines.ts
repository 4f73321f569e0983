import { join } from 'node:path';
import { printable } from '@swipenet/shared/printable.ts';
import { toRun } from '../../command-form.ts';
import type { Manifest } from '../../registry/manifest.ts';
import type { Dataset } from '../../training/dataset/dataset.ts';
import type { HeadRun } from '../../training/head/head-run.ts';
import type { Learned } from '../../training/head/train-head.ts';
import type { LearnedProfiles } from '../../training/profiles/learn-profiles.ts';
import { type Target, targetText } from '../../training/profiles/target.ts';
import type { Progress } from '../../training/run/folder/checkpoint.ts';
import type { Run } from '../../training/run/run.ts';
import { counted, megabytes, percent } from '../format.ts';

/**
 * Formats what `train` prints before the first step: the data, the starting point, the hyperparameters and the device.
 */
export function startLines(run: Run, deviceReason: string): string {
  const { folder, configuration, schedule, fresh, dataset } = run;
  const { name, data, init, epochs, batchSize, cropSize, learningRate, policy, warmup, device, threads, tf32 } =
    configuration;
  const { steps } = schedule;
  const layers = fresh?.filter((tensor) => tensor.endsWith('.weight')).map((tensor) => tensor.replace('.weight', ''));
  const initialized = layers && init !== 'none' ? `; randomly initialized: ${layers.join(', ')}` : '';
  return [
    `Training ${name} on ${data.folder}${fresh ? '' : ' (resumed)'}`,
    `  start    ${init === 'none' ? 'from scratch' : `from ${init}`}${initialized}`,
    ...(configuration.profiles ? profilesLines(configuration.profiles.target, init, dataset) : []),
    `  steps    ${steps} of ${batchSize} photos at ${cropSize} × ${cropSize}, ${counted(epochs, 'epoch')}`,
    `  rate     ${learningRate}, ${policy}${warmup > 0 ? `, ${counted(warmup, 'step')} of warm-up` : ''}`,
    `  device   ${device}, ${counted(threads, 'thread')}${tf32 ? ', TF32' : ''}; ${deviceReason}`,
    `  run      ${folder}`,
  ].join('\n');
}

/** Formats whose labels a network learns from if they are of whole profiles. */
function profilesLines(target: Target, init: string, { head: { parts } }: Dataset): string[] {
  const [training, validation] = [parts.training, parts.validation];
  const carried =
    init === 'none'
      ? 'every photo of a liked profile counts as LIKE, because --init none can’t tell them apart'
      : `a head on features of ${init} found which photos carried a like`;
  return [
    `  profiles ${labelsOfProfiles(training)}`,
    `  targets  ${carried}`,
    `  rule     chosen at the end for ${targetText(target)}, on ${validation.LIKE.profiles} LIKE and ${validation.NOPE.profiles} NOPE validation profiles`,
  ];
}

const labelsOfProfiles = ({ LIKE, NOPE }: Dataset['head']['parts']['training']) =>
  `${LIKE.profiles} LIKE, ${NOPE.profiles} NOPE; labels are of whole profiles, not of single photos`;

/** Formats what `train` prints when it was stopped. */
export function stoppedLine(folder: string, { step }: Progress): string {
  return `Stopped after step ${step}. To continue, run ${toRun(`train --resume ${folder}`)}`;
}

/** Formats what `train` prints before it trains a head. */
export function headStartLines({ folder, configuration, dataset }: HeadRun, device: string): string {
  const { name, init } = configuration;
  const { LIKE, NOPE } = dataset.head.parts.training;
  const byProfile = LIKE.photos + NOPE.photos > LIKE.profiles + NOPE.profiles;
  const examples = byProfile
    ? `  profiles ${labelsOfProfiles(dataset.head.parts.training)}`
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
  const figures = Object.entries(metrics).map(([name, value]) => `${printable(name)} ${Number(value.toPrecision(4))}`);
  return [
    `${id}: ${megabytes(model.bytes)} in ${join(models, id)}`,
    `  ${figures.join(', ')}`,
    `  run: ${folder}`,
    `  to use it, even in a running server: ${toRun(`models activate ${id}`)}`,
  ].join('\n');
}
