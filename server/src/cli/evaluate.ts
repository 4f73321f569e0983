import { formatPercent } from '@swipenet/shared/confidence.ts';
import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { printable } from '@swipenet/shared/printable.ts';
import * as z from 'zod';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { scorePhoto } from '../inference/score-photo.ts';
import { chosenModel } from '../registry/active-model.ts';
import { ruleOf, ruleWords } from '../registry/manifest.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { readTrainedOn } from '../registry/trained-on.ts';
import { type Evaluation, evaluate } from '../training/evaluation/evaluate.ts';
import { openEvaluationSource } from '../training/evaluation/evaluation-source.ts';
import { type KnownPhotos, knownPhotos } from '../training/evaluation/known-photos.ts';
import type { Confusion } from '../training/evaluation/metrics.ts';
import { defineCommand } from './command.ts';
import { counted, formFields, formWords, wholeNumber } from './format.ts';
import { leftOutLines } from './left-out.ts';
import { printError } from './terminal.ts';

/** The number of photos to score in parallel, enough to keep decoders and engines busy. */
const WORKERS = 4 * cores;

const PARTS = ['validation', 'test'] as const;

/** `swipenet evaluate`: measures a model as it is served. */
export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'measure a model on labeled photos',
  settings: ['model', 'precision', 'threshold', 'device', 'home'],
  options: {
    data: { flag: '--data <folder>', help: 'dataset to evaluate on', schema: z.string().optional() },
    part: {
      flag: '--part <part>',
      help: 'split of the dataset',
      schema: z.enum(PARTS),
      choices: PARTS,
      defaultValue: 'validation',
    },
    like: {
      flag: '--like <folder...>',
      help: 'instead of --data: folders of LIKE photos',
      schema: z.array(z.string()).optional(),
    },
    nope: {
      flag: '--nope <folder...>',
      help: 'and folders of NOPE photos',
      schema: z.array(z.string()).optional(),
    },
  },
  run: async ({ settings, options, progress }) => {
    const modelOn = await chosenModel(settings, settings.model);
    await using source = await openEvaluationSource(options);
    const { photos, about, preprocess, leftOut } = source;
    if (leftOut.length > 0) printError(leftOutLines(leftOut));
    const { device: choice } = settings;
    const open = await openScorer({ modelOn, choice, cores, clock: systemClock, ...(preprocess && { preprocess }) });
    try {
      const { form, device } = open.opened;
      const { manifest } = open.model;
      const rule = ruleOf(manifest, settings.threshold);
      const note = source.note?.(manifest);
      if (note !== undefined) printError(note);
      const trainedOn = await readTrainedOn(modelFolders(settings.home), open.model);
      const evaluation = await evaluate(photos, {
        score: (photo) => scorePhoto(open.scorer, photo),
        rule,
        workers: WORKERS,
        onProgress: (done, total) => progress.update('photos', done, total),
      });
      const known = knownPhotos(evaluation.scored, trainedOn);
      const warning = knownLines(known, manifest.id, evaluation.scored.length);
      if (warning !== undefined) printError(warning);
      return { form, device, rule, about, leftOut, known, evaluation };
    } finally {
      await open.close();
    }
  },
  print: ({ form, device, evaluation, rule }) =>
    `${formWords(form)} on ${device}\n${evaluationLines(evaluation, rule)}`,
  toJson: ({ form, rule, about, leftOut, known, evaluation }) => ({
    ...formFields(form),
    threshold: rule.threshold,
    rule,
    ...about,
    leftOut,
    trainedOn: known,
    ...evaluation,
  }),
});

/** The number of failed files to list. `--json` lists all of them. */
const MAX_LISTED = 20;

/** Formats a warning if the model was trained on some of the photos, or if that isn't known. */
export function knownLines(known: KnownPhotos | null, id: string, count: number): string | undefined {
  if (!known) return `note: ${id} doesn’t record its training photos, so it may have been trained on some of these`;
  const { paths, trainingPhotos, dataset } = known;
  if (paths.length === 0) return undefined;
  const named = paths.slice(0, MAX_LISTED).map((path) => `  ${printable(path)}`);
  const more = paths.length > MAX_LISTED ? [`  … and ${wholeNumber(paths.length - MAX_LISTED)} more in --json`] : [];
  return [
    `warning: ${id} was trained on ${wholeNumber(paths.length)} of the ${counted(count, 'photo')}, so its figures are too good`,
    `  (by the SHA-256 of each file, among the ${counted(trainingPhotos, 'training photo')} of dataset ${dataset.slice(0, 16)}; edited copies aren’t found)`,
    ...named,
    ...more,
  ].join('\n');
}

const figure = (value: number | null) => (value === null ? 'unknown, because a label has no photos' : value.toFixed(4));

/** Formats the metrics and confusion matrices of profiles and photos, and what couldn't be scored. */
export function evaluationLines({ photos, profiles, failed }: Evaluation, rule: DecisionRule): string {
  const named = failed
    .slice(0, MAX_LISTED)
    .map(({ path, message, code }) => `  ${printable(path)}: ${message} (${code})`);
  const more = failed.length > MAX_LISTED ? [`  … and ${failed.length - MAX_LISTED} more`] : [];
  return [
    `profiles: ${profiles.count}, ${profiles.held} on hold, ${ruleWords(rule)}`,
    `  accuracy    ${figure(profiles.accuracy)}, balanced ${figure(profiles.balancedAccuracy)}`,
    `  AUC         ${figure(profiles.auc)}`,
    `  calibration ECE ${figure(profiles.ece)} (15 bins), log loss ${figure(profiles.meanLoss)}`,
    ...confusionLines(profiles.confusion, 'right', 'left'),
    `photos: ${photos.count}, LIKE from ${formatPercent(rule.threshold)}`,
    `  accuracy ${figure(photos.accuracy)} (${figure(photos.accuracyAtHalf)} at 50%)`,
    `  AUC      ${figure(photos.auc)}`,
    `  ECE      ${figure(photos.ece)} (15 bins)`,
    ...confusionLines(photos.confusion, 'LIKE', 'NOPE'),
    ...(failed.length > 0 ? [`not scored: ${failed.length}`, ...named, ...more] : []),
  ].join('\n');
}

function confusionLines({ LIKE, NOPE }: Confusion, like: string, nope: string): string[] {
  const row = (...cells: readonly (string | number)[]) =>
    `  ${cells.map((cell) => String(cell).padStart(10)).join('')}`;
  return [row('label', like, nope), row('LIKE', LIKE.LIKE, LIKE.NOPE), row('NOPE', NOPE.LIKE, NOPE.NOPE)];
}
