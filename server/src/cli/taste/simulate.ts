import { formatPercent } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../command-error.ts';
import { cores } from '../../config/machine.ts';
import { findSourcePhotos } from '../../training/dataset/build/source-photos.ts';
import { featuresOfFiles } from '../../training/profiles/file-features.ts';
import { checkProfiles } from '../../training/profiles/learn-profiles.ts';
import { type CurvePoint, learningCurve } from '../../training/profiles/learning-curve.ts';
import { readPretrained } from '../../training/run/start/pretrained.ts';
import { threadsOn, trainingDevice } from '../../training/run/start/training-device.ts';
import { defineCommand } from '../command.ts';
import { leftOutLines } from '../left-out.ts';
import { printError } from '../terminal.ts';
import { hyperparameterOptions } from '../train/options.ts';
import { foldersToSwipe, targetOption } from './options.ts';

/** `swipenet taste simulate`: how fast would it learn? */
export const simulateCommand = defineCommand({
  name: 'simulate',
  summary: 'play folders of profiles as swipes, and show how fast your choices are learned',
  settings: ['device'],
  options: {
    ...foldersToSwipe,
    ...targetOption,
    ...hyperparameterOptions(['init', 'seed']),
  },
  run: async ({ settings, options: { like, nope, target, init, seed }, progress }) => {
    const { photos, leftOut: notRead } = await findSourcePhotos({ LIKE: like, NOPE: nope });
    checkProfiles(photos);
    const pretrained = await readPretrained(init);
    if (!pretrained) throw new CommandError('option_invalid', 'learning needs features, and --init none has none');
    const { device } = await trainingDevice(settings.device);
    const work = { device, threads: threadsOn(device, cores), onProgress: progress.update };
    const { readable, leftOut: undecoded, features } = await featuresOfFiles(photos, pretrained, work);
    const leftOut = [...notRead, ...undecoded];
    if (leftOut.length > 0) printError(leftOutLines(leftOut));
    checkProfiles(readable);
    const spare = pretrained.forHeads?.spareFilters.filters;
    return { seed, leftOut, curve: learningCurve(readable, features, { seed, target, spare }) };
  },
  print: ({ curve }) => curveTable(curve),
});

/** Formats the curve as a table: what was learned from, and how well it predicted the swipes that followed. */
function curveTable(curve: readonly CurvePoint[]): string {
  if (curve.length === 0) return 'Not enough profiles to learn from some and predict others. Add more folders.';
  const rows = curve.map(({ swipes, likes, method, rule, next }) => [
    String(swipes),
    String(likes),
    String(next.count),
    formatPercent(next.accuracy),
    next.balancedAccuracy === null ? '–' : formatPercent(next.balancedAccuracy),
    next.auc === null ? '–' : next.auc.toFixed(3),
    next.meanLoss.toFixed(3),
    formatPercent(rule.threshold),
    method.kind,
  ]);
  const heads = ['learned from', 'likes', 'next swipes', 'accuracy', 'balanced', 'AUC', 'log loss', 'threshold', 'by'];
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]!.length)));
  return [heads, ...rows].map((row) => row.map((cell, at) => cell.padStart(widths[at]!)).join('  ')).join('\n');
}
