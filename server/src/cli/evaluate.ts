import { formatPercent } from '@swipenet/shared/confidence.ts';
import * as z from 'zod';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { scorePhoto } from '../inference/score-photo.ts';
import { chosenModel } from '../registry/active-model.ts';
import { thresholdOf } from '../registry/manifest.ts';
import { type Evaluation, evaluate } from '../training/evaluation/evaluate.ts';
import { openEvaluationSource } from '../training/evaluation/evaluation-source.ts';
import type { Confusion } from '../training/evaluation/metrics.ts';
import { defineCommand } from './command.ts';
import { formFields, formWords } from './format.ts';

/** Photos on their way at once: enough to keep decoders and engines busy. */
const WORKERS = 4 * cores;

const PARTS = ['validation', 'test'] as const;

/** `swipenet evaluate`: how good a model is, as it is served. */
export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'how good a model is on photos whose labels are known',
  settings: ['model', 'precision', 'threshold', 'device', 'home'],
  options: {
    data: { flag: '--data <folder>', help: 'a data set', schema: z.string().optional() },
    part: {
      flag: '--part <part>',
      help: 'which part of it',
      schema: z.enum(PARTS),
      choices: PARTS,
      defaultValue: 'validation',
    },
    like: {
      flag: '--like <folder...>',
      help: 'or: folders of photos that are LIKE',
      schema: z.array(z.string()).optional(),
    },
    nope: {
      flag: '--nope <folder...>',
      help: 'and folders of photos that are NOPE',
      schema: z.array(z.string()).optional(),
    },
  },
  run: async ({ settings, options, progress }) => {
    const modelOn = await chosenModel(settings, settings.model);
    await using source = await openEvaluationSource(options);
    const { photos, about, preprocess } = source;
    const { device: choice } = settings;
    const open = await openScorer({ modelOn, choice, cores, clock: systemClock, ...(preprocess && { preprocess }) });
    try {
      const { form, device } = open.opened;
      const { manifest } = open.model;
      const threshold = thresholdOf(manifest, settings.threshold);
      const note = source.note?.(manifest);
      if (note !== undefined) console.error(note);
      const evaluation = await evaluate(photos, {
        score: (photo) => scorePhoto(open.scorer, photo),
        threshold,
        workers: WORKERS,
        onProgress: (done, total) => progress.update('photos', done, total),
      });
      return { form, device, threshold, about, evaluation };
    } finally {
      await open.close();
    }
  },
  print: ({ form, device, evaluation, threshold }) =>
    `${formWords(form)} on ${device}\n${evaluationLines(evaluation, threshold)}`,
  toJson: ({ form, threshold, about, evaluation }) => ({ ...formFields(form), threshold, ...about, ...evaluation }),
});

/** Files that are named one by one; `--json` names them all. */
const NAMED = 20;

const figure = (value: number | null) => (value === null ? 'unknown: a label is missing' : value.toFixed(4));

/** Figures and confusion of photos and of profiles, then what could not be scored. */
function evaluationLines({ photos, profiles, failed }: Evaluation, threshold: number): string {
  const named = failed.slice(0, NAMED).map(({ path, message, code }) => `  ${path}: ${message} (${code})`);
  const more = failed.length > NAMED ? [`  … and ${failed.length - NAMED} more`] : [];
  return [
    `photos: ${photos.count}, LIKE from ${formatPercent(threshold)}`,
    `  accuracy ${figure(photos.accuracy)} (${figure(photos.accuracyAtHalf)} at 50 %)`,
    `  AUC      ${figure(photos.auc)}`,
    `  ECE      ${figure(photos.ece)} (15 bins)`,
    ...confusionLines(photos.confusion, 'LIKE', 'NOPE'),
    `profiles: ${profiles.count}, ${profiles.held} held`,
    `  accuracy ${figure(profiles.accuracy)}`,
    `  AUC      ${figure(profiles.auc)}`,
    ...confusionLines(profiles.confusion, 'right', 'left'),
    ...(failed.length > 0 ? [`could not be scored: ${failed.length}`, ...named, ...more] : []),
  ].join('\n');
}

function confusionLines({ LIKE, NOPE }: Confusion, like: string, nope: string): string[] {
  const row = (...cells: readonly (string | number)[]) =>
    `  ${cells.map((cell) => String(cell).padStart(10)).join('')}`;
  return [row('', like, nope), row('is LIKE', LIKE.LIKE, LIKE.NOPE), row('is NOPE', NOPE.LIKE, NOPE.NOPE)];
}
