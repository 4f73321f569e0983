import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cores } from '../config/machine.ts';
import { sha256 } from '../files/sha256.ts';
import { makeDefaultModel, replaceModel } from '../training/quality/make-default-model.ts';
import { figuresTable } from '../training/quality/quality-figures.ts';
import type { Conclusion } from '../training/report/run-reporter.ts';
import type { RunConfiguration } from '../training/run/run-folder.ts';
import type { BestModel } from '../training/run/run-training.ts';
import type { Progress } from './progress.ts';

const DESCRIPTION =
  'Technical photo quality from constructed labels (LIKE: a photo, lightly cropped; NOPE: the same with one to three faults), ' +
  'all layers fine-tuned; see docs/model-card.md';

/** A run of the command of record that came to its end, and where its model goes. */
export interface EndedDefaultModel {
  /** Where set and run are kept; the figures go there too. */
  readonly folder: string;
  readonly set: string;
  readonly configuration: RunConfiguration;
  readonly best: BestModel;
  readonly conclusion: Conclusion;
  /** As it was given: a file, a model's folder, `none`. */
  readonly init: string;
  readonly drawn: string;
  readonly models: string;
  readonly progress: Progress;
}

/** Makes the embedded model of a run, judges it, puts it into its place, and prints its figures. */
export async function endDefaultModel(ended: EndedDefaultModel): Promise<void> {
  const { folder, set, configuration, best, conclusion, init, drawn, models, progress } = ended;
  // `none` and a model's folder are no one file whose hash could be told; the command names them.
  const isFile = existsSync(init) && statSync(init).isFile();
  const source = isFile ? await readFile(init) : undefined;
  const model = await makeDefaultModel({
    set,
    configuration,
    checkpoint: best.checkpoint,
    temperature: conclusion.temperature,
    threads: cores,
    provenance: {
      description: DESCRIPTION,
      command: commandOf(configuration, drawn),
      ...(source && { sourceSha256: sha256(source) }),
      commit: await readFile(join(folder, 'commit'), 'utf8'),
    },
    onProgress: (done, total) => progress.update('judging the test part', done, total),
  });
  const manifest = await replaceModel(models, model);
  const table = figuresTable(model.figures);
  await writeFile(join(folder, 'figures.md'), `${table}\n`);
  await writeFile(join(folder, 'figures.json'), `${JSON.stringify(model.figures, null, 2)}\n`);
  console.log(`${manifest.id}: ${(manifest.model.bytes / 1e6).toFixed(1)} MB in ${models}\n\n${table}`);
}

/** The command as somebody else would write it: without this machine's folders; what a run goes on with is its own. */
const commandOf = ({ init, epochs, rate, seed }: RunConfiguration, drawn: string) =>
  `npm run train:default -- --photos … --init ${init} --drawn ${drawn} --epochs ${epochs} --lr ${rate} --seed ${seed}`;
