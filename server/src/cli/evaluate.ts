import { Option } from 'commander';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { readSettings, type SettingName } from '../config/settings.ts';
import { openScorer } from '../inference/open-scorer.ts';
import { scorePhoto } from '../inference/score-photo.ts';
import { chosenModel } from '../registry/active-model.ts';
import { thresholdOf } from '../registry/manifest.ts';
import { evaluate } from '../training/evaluation/evaluate.ts';
import { commandWith } from './command.ts';
import { evaluationLines } from './evaluate-lines.ts';
import { openEvaluationSource } from './evaluate-sources.ts';
import { formFields, formWords } from './format.ts';
import { Progress } from './progress.ts';

const SETTINGS = ['model', 'precision', 'threshold', 'device', 'home'] as const satisfies SettingName[];

/** Photos on their way at once: enough to keep decoders and engines busy. */
const WORKERS = 4 * cores;

/** `swipenet evaluate`: how good a model is, as it is served. */
export const evaluateCommand = commandWith('evaluate', 'how good a model is on photos whose labels are known', SETTINGS)
  .option('--data <folder>', 'a data set')
  .addOption(new Option('--part <part>', 'which part of it').choices(['validation', 'test']).default('validation'))
  .option('--like <folder...>', 'or: folders of photos that are LIKE')
  .option('--nope <folder...>', 'and folders of photos that are NOPE')
  .option('--json', 'print JSON and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const settings = readSettings(SETTINGS, flags);
    const modelOn = await chosenModel(settings, settings.model);
    const source = await openEvaluationSource(flags);
    const { preprocess } = source;
    const clock = systemClock;
    const open = await openScorer({
      modelOn,
      choice: settings.device,
      cores,
      clock,
      ...(preprocess && { preprocess }),
    });
    const { form, device } = open.opened;
    const { manifest } = open.model;
    const threshold = thresholdOf(manifest, settings.threshold);
    const note = source.note?.(manifest);
    const progress = new Progress(process.stderr, clock.now);
    if (note !== undefined) console.error(note);
    try {
      const evaluation = await evaluate(source.photos, {
        score: (photo) => scorePhoto(open.scorer, photo),
        threshold,
        workers: WORKERS,
        onProgress: (done, total) => progress.update('photos', done, total),
      });
      if (json)
        console.log(JSON.stringify({ ...formFields(form), threshold, ...source.about, ...evaluation }, null, 2));
      else console.log(`${formWords(form)} on ${device}\n${evaluationLines(evaluation, threshold)}`);
    } finally {
      await open.close();
      await source.close();
    }
  });
