import { basename, resolve } from 'node:path';
import * as z from 'zod';
import { cores } from '../../config/machine.ts';
import { makeInt8 } from '../../quantization/make-int8.ts';
import { int8IdOf } from '../../quantization/publish-int8.ts';
import type { QuantizationPhotos } from '../../quantization/quantization-photos.ts';
import { modelFolders, takenFolders } from '../../registry/model-folders.ts';
import { CALIBRATION_METHODS, type Faithfulness, gateFailures } from '../../registry/quantization.ts';
import { defineCommand } from '../command.ts';
import { megabytes, percent } from '../format.ts';
import { switchOption, wholeFlag } from '../option-schemas.ts';

/** `swipenet models quantize ID`: a model's int8 form, which is faster on the CPU. */
export const quantizeCommand = defineCommand({
  name: 'quantize',
  summary: 'make the int8 form of a model, for the CPU',
  operand: { syntax: '<id>', help: 'a model' },
  settings: ['home'],
  options: {
    calibrate: {
      flag: '--calibrate <folder>',
      help: 'photos like those that will be scored: a folder, or a data set',
      schema: z.string(),
      required: true,
    },
    photos: {
      flag: '--photos <count>',
      help: 'photos that set the ranges',
      standard: '512',
      schema: wholeFlag(4, 10_000),
    },
    method: {
      flag: '--method <method>',
      help: 'how ranges are set',
      choices: CALIBRATION_METHODS,
      standard: 'minmax',
      schema: z.enum(CALIBRATION_METHODS),
    },
    name: { flag: '--name <id>', help: 'the new model’s id (default: ID-int8)', schema: z.string().optional() },
    folder: {
      flag: '--folder <folder>',
      help: 'where to put it (default: models in the home folder)',
      schema: z.string().optional(),
    },
    report: { flag: '--report <file>', help: 'write what every layer loses, as HTML', schema: z.string().optional() },
    force: {
      flag: '--force',
      help: 'publish it even where its answers are too far from the model’s',
      schema: switchOption,
    },
  },
  run: async ({ settings: { home }, options, operands: [parentId], json, progress }) => {
    const folder = resolve(options.folder ?? home.models);
    const request = {
      ...options,
      folders: modelFolders(home),
      parentId,
      id: options.name ?? int8IdOf(parentId),
      folder,
      taken: takenFolders(home, folder),
      command: commandLine(parentId, options),
    };
    const manifest = await makeInt8(request, {
      threads: cores,
      onProgress: progress.update,
      onLeftOut: (failed) => {
        for (const line of leftOutLines(failed)) console.error(line);
      },
      onJudged: (faithfulness) => {
        if (!json) console.error(faithfulnessLines(faithfulness));
      },
    });
    return { manifest, folder };
  },
  print: ({ manifest: { id, model }, folder }) => `${id}: ${megabytes(model.bytes)} in ${folder}`,
  toJson: ({ manifest }) => manifest,
});

/** The command as somebody else would write it: without this machine's folders. */
function commandLine(
  id: string,
  given: {
    readonly calibrate: string;
    readonly photos: number;
    readonly method: string;
    readonly name: string | undefined;
    readonly force: boolean;
  },
): string {
  const { calibrate, photos, method, name, force } = given;
  const flags = [
    `--calibrate …/${basename(calibrate)} --photos ${photos} --method ${method}`,
    ...(name === undefined ? [] : [`--name ${name}`]),
    ...(force ? ['--force'] : []),
  ];
  return `swipenet models quantize ${id} ${flags.join(' ')}`;
}

/** What an int8 model is worth beside its parent, for people. */
function faithfulnessLines(faithfulness: Faithfulness): string {
  const { photos, largestDifference, meanDifference, changedVerdicts, accuracy, auc, ece } = faithfulness;
  const figures = { accuracy, AUC: auc, ECE: ece };
  const compared = Object.entries(figures).flatMap(([name, both]) => {
    return both ? [`  ${name.padEnd(9)} ${both.model.toFixed(4)}, the parent’s ${both.parent.toFixed(4)}`] : [];
  });
  const failures = gateFailures(faithfulness);
  return [
    `on ${photos} photos that set no range:`,
    `  verdicts  ${percent(changedVerdicts, 2)} change`,
    `  confidence differs by ${meanDifference.toFixed(4)} on the mean, ${largestDifference.toFixed(4)} at most`,
    ...(compared.length > 0 ? compared : ['  no labels, or learned ones: accuracy, AUC and ECE are unknown']),
    failures.length === 0
      ? 'passes the gate: auto takes it on the CPU'
      : `does not pass the gate: ${failures.join('; ')}`,
  ].join('\n');
}

/** Files that are named one by one. */
const NAMED = 5;

/** What could not be read, for people; empty where everything could. */
function leftOutLines(failed: QuantizationPhotos['failed']): string[] {
  if (failed.length === 0) return [];
  const named = failed.slice(0, NAMED).map(({ path, message }) => `  ${path}: ${message}`);
  return [`left out, because they could not be read: ${failed.length}`, ...named];
}
